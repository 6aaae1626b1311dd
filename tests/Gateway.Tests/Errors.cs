using System.Text.Json;

namespace Platform.Gateway.Tests;

internal static class Errors
{
    /// <summary>Type and code of an error answer, after a look at its shape.</summary>
    public static async Task<(string? Type, string? Code)> CodeAsync(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var error = body.RootElement.GetProperty("error");
        error.EnumerateObject().Select(p => p.Name).ShouldBe(["message", "type", "param", "code"]);
        error.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        return (error.GetProperty("type").GetString(), error.GetProperty("code").GetString());
    }
}
