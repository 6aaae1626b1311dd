using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.Local.Demo;

/// <summary>One plain chat completion through a gateway, printed with its usage.</summary>
public static class DemoChat
{
    public static async Task SayAsync(DemoFile demo, string text)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(demo.GatewayUrls[0], "/v1/chat/completions"))
        {
            Content = JsonContent.Create(new
            {
                model = DemoSeed.SmallModel,
                messages = new[] { new { role = "user", content = text } },
                max_tokens = 60,
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", demo.ApiKey);
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
            throw new LocalException($"The gateway answered {(int)answer.StatusCode}: {body}");
        using var json = JsonDocument.Parse(body);
        var usage = json.RootElement.GetProperty("usage");
        Console.WriteLine($"You:    {text}");
        Console.WriteLine($"Answer: {json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()}");
        Console.WriteLine(
            $"Usage:  {usage.GetProperty("prompt_tokens")} prompt + {usage.GetProperty("completion_tokens")} completion "
            + $"= {usage.GetProperty("total_tokens")} tokens (request {answer.Headers.GetValues("x-request-id").First()})");
    }
}
