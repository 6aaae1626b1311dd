using System.Text.Json;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Translation;

/// <summary>Says a chat completion's request as a message's. What it read, and what became of it, is in <see cref="ChatFields"/>.</summary>
internal static class ChatToMessages
{
    /// <summary>Anthropic wants a bound always, OpenAI's callers know none.</summary>
    public const long DefaultMaxTokens = 4096;

    public static void Write(TranslationInput input, Utf8JsonWriter json, Findings findings)
    {
        var root = ChatFields.Root.Read(JsonValue.Root(input.Body), findings);
        if (findings.Error is not null)
            return;
        json.WriteStartObject();
        json.WriteString("model", input.Model);
        WriteSampling(root, json, findings);
        WriteStream(root, json, findings);
        WriteUser(root, json, findings);
        WriteFormat(root[ChatFields.ResponseFormat], json, findings);
        ChatTools.Write(root, json, findings);
        ChatMessages.Write(root[ChatFields.Messages], json, findings);
        json.WriteEndObject();
    }

    private static void WriteSampling(Members root, Utf8JsonWriter json, Findings findings)
    {
        var temperature = root[ChatFields.Temperature];
        if (temperature.Number > 1)
            findings.Refuse(ApiErrors.NotTranslated(ChatFields.Temperature.Path, "Anthropic's is at most 1"));
        json.CopyIfThere("temperature", temperature);
        json.CopyIfThere("top_p", root[ChatFields.TopP]);
        if (root[ChatFields.TopK].Integer is not (0 or -1))
            json.CopyIfThere("top_k", root[ChatFields.TopK]);
        WriteStop(root[ChatFields.Stop], json, findings);
        ChatThinking.Write(root, json, findings);
    }

    private static void WriteStop(JsonValue stop, Utf8JsonWriter json, Findings findings)
    {
        if (stop.IsMissing)
            return;
        json.WriteStartArray("stop_sequences");
        if (stop.IsText)
            json.Copy(stop);
        foreach (var item in stop.Items)
        {
            if (!item.IsText)
                findings.Refuse(ApiErrors.WrongType(ChatFields.Stop.Path, "a string or an array of strings"));
            json.Copy(item);
        }
        json.WriteEndArray();
    }

    private static void WriteStream(Members root, Utf8JsonWriter json, Findings findings)
    {
        json.CopyIfThere("stream", root[ChatFields.Stream]);
        if (!root[ChatFields.StreamOptions].IsMissing)
            ChatFields.StreamOption.Read(root[ChatFields.StreamOptions], findings);
        var tier = root[ChatFields.ServiceTier];
        if (tier.Is("auto"u8))
            json.WriteString("service_tier", "auto");
        else if (tier.Is("default"u8))
            json.WriteString("service_tier", "standard_only");
        else if (!tier.IsMissing)
            findings.Drop(ChatFields.ServiceTier.Path);
    }

    private static void WriteUser(Members root, Utf8JsonWriter json, Findings findings)
    {
        var user = root[ChatFields.SafetyIdentifier].IsMissing ? root[ChatFields.User] : root[ChatFields.SafetyIdentifier];
        if (user.IsMissing)
            return;
        if (!root[ChatFields.SafetyIdentifier].IsMissing && !root[ChatFields.User].IsMissing)
            findings.Drop(ChatFields.User.Path);
        json.WriteStartObject("metadata");
        json.Copy("user_id", user);
        json.WriteEndObject();
    }

    private static void WriteFormat(JsonValue format, Utf8JsonWriter json, Findings findings)
    {
        if (format.IsMissing)
            return;
        var members = ChatFields.Format.Read(format, findings);
        var type = members[ChatFields.FormatType];
        if (type.Is("text"u8))
            return;
        if (!type.Is("json_schema"u8))
            findings.Refuse(ApiErrors.NotTranslated(ChatFields.FormatType.Path, "Anthropic's is `json_schema` or none"));
        var schema = ChatFields.Schema.Read(members[ChatFields.FormatSchema], findings);
        if (findings.Error is not null)
            return;
        json.WriteStartObject("output_config");
        json.WriteStartObject("format");
        json.WriteString("type", "json_schema");
        json.Copy("schema", schema[ChatFields.SchemaSchema]);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
