using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.E2E;

/// <summary>What a caller saw of one request.</summary>
/// <param name="Whole">All of the answer came: a complete JSON body, or a stream up to <c>[DONE]</c>.</param>
internal sealed record ChatOutcome(HttpStatusCode? Status, Guid? RequestId, bool Whole, string Body)
{
    public JsonElement Error => JsonDocument.Parse(Body).RootElement.GetProperty("error");
}

/// <summary>A plain HTTP caller, which sees every byte; the official client hides what these tests are about.</summary>
internal sealed class Chat(Uri gateway, string? key) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(60) };

    public static string Request(string model, string text, bool stream, int maxTokens = 40) => JsonSerializer.Serialize(new
    {
        model,
        messages = new[] { new { role = "user", content = text } },
        max_tokens = maxTokens,
        stream,
    });

    /// <summary>Never throws for what a network can do.</summary>
    public async Task<ChatOutcome> SendAsync(string body, string contentType = "application/json")
    {
        HttpStatusCode? status = null;
        Guid? id = null;
        var text = new StringBuilder();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
            {
                Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(contentType)),
            };
            if (key is not null)
                request.Headers.Authorization = new("Bearer", key);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            status = answer.StatusCode;
            if (answer.Headers.TryGetValues("x-request-id", out var ids) && Guid.TryParse(ids.First(), out var parsed))
                id = parsed;
            await using var stream = await answer.Content.ReadAsStreamAsync();
            using var reader = new StreamReader(stream);
            var buffer = new char[4096];
            int read;
            while ((read = await reader.ReadAsync(buffer)) > 0)
                text.Append(buffer, 0, read);
            return new(status, id, answer.IsSuccessStatusCode && IsWhole(answer, text.ToString()), text.ToString());
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            return new(status, id, false, text.ToString());
        }
    }

    public async Task<HttpStatusCode> ModelsAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Authorization = new("Bearer", key);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    public void Dispose() => _http.Dispose();

    private static bool IsWhole(HttpResponseMessage answer, string text)
    {
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
            return text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.TryGetProperty("usage", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
