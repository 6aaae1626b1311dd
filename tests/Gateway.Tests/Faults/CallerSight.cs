using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Platform.TestKit.Streams;

namespace Platform.Gateway.Tests.Faults;

/// <summary>What a caller makes of an answer, read as strictly as its dialect's clients do.</summary>
internal sealed record CallerSight(HttpStatusCode Status, string Text, bool HasEnd, JsonObject? Error, bool IsStream)
{
    /// <summary>Events that are no JSON.</summary>
    public int Unread { get; private init; }

    private static readonly string[] OpenAiMembers = ["message", "type", "param", "code"];

    public static CallerSight Of(HttpStatusCode status, string? contentType, byte[] body, Reading reading)
    {
        var text = Encoding.UTF8.GetString(body);
        if (contentType == "text/event-stream")
            return OfStream(text, reading);
        contentType.ShouldBe("application/json", text);
        var json = JsonNode.Parse(text)!.AsObject();
        if (status == HttpStatusCode.OK)
            return new(status, WholeText(json), HasEnd: true, null, IsStream: false);
        return new(status, "", HasEnd: false, ErrorOf(json, reading, inStream: false), IsStream: false);
    }

    private static CallerSight OfStream(string body, Reading reading)
    {
        var stream = SseText.Parse(body);
        stream.Rest.ShouldBeEmpty(); // the last event is whole
        var (text, hasEnd, unread, error) = (new StringBuilder(), false, 0, (JsonObject?)null);
        foreach (var one in stream.Events.Where(e => e.Data is not null))
        {
            (hasEnd || error is not null).ShouldBeFalse($"There is an event behind the end: {one.Data}");
            if (one.Data == "[DONE]")
            {
                hasEnd = true;
                continue;
            }
            if (TryParse(one.Data!) is not { } json)
            {
                unread++;
                continue;
            }
            if (reading != Reading.Chat)
                one.Name.ShouldBe((string?)json["type"]);
            hasEnd |= (string?)json["type"] is "message_stop" or "response.completed";
            if ((string?)json["type"] == "error" || json["error"] is JsonObject)
                error = ErrorOf(json, reading, inStream: true);
            text.Append(Delta(json));
        }
        return new(HttpStatusCode.OK, text.ToString(), hasEnd, error, IsStream: true) { Unread = unread };
    }

    private static JsonObject? TryParse(string data)
    {
        try
        {
            return JsonNode.Parse(data)!.AsObject();
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>An error has all members that its dialect's clients look for.</summary>
    private static JsonObject ErrorOf(JsonObject json, Reading reading, bool inStream)
    {
        if (reading == Reading.Responses && inStream)
        {
            json.Select(p => p.Key).ShouldBe(["type", "code", "message", "param", "sequence_number"], ignoreOrder: true);
            return json;
        }
        var error = json["error"]!.AsObject();
        if (reading == Reading.Messages)
        {
            ((string?)json["type"]).ShouldBe("error");
            ((string?)json["request_id"]).ShouldNotBeNullOrEmpty();
        }
        else
        {
            error.Select(p => p.Key).ShouldBe(OpenAiMembers, ignoreOrder: true);
        }
        ((string?)error["message"]).ShouldNotBeNullOrEmpty();
        ((string?)error["type"]).ShouldNotBeNullOrEmpty();
        return error;
    }

    private static string Delta(JsonObject json) => (string?)json["type"] switch
    {
        "response.output_text.delta" => (string?)json["delta"] ?? "",
        "content_block_delta" => (string?)json["delta"]?["text"] ?? "",
        null => json["choices"] is JsonArray { Count: > 0 } choices ? (string?)choices[0]!["delta"]?["content"] ?? (string?)choices[0]!["text"] ?? "" : "",
        _ => "",
    };

    private static string WholeText(JsonObject json)
    {
        if (json["choices"] is JsonArray choices)
            return (string?)choices[0]!["message"]?["content"] ?? (string?)choices[0]!["text"] ?? "";
        if (json["output"] is JsonArray output)
            return string.Concat(output.Where(o => (string?)o!["type"] == "message").SelectMany(o => o!["content"]!.AsArray()).Select(c => (string?)c!["text"]));
        return string.Concat(json["content"]!.AsArray().Select(c => (string?)c!["text"]));
    }
}
