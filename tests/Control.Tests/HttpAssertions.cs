using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.Contracts.Api;

namespace Platform.Control.Tests;

internal static class HttpAssertions
{
    /// <summary>The answer has the status, and its body is read.</summary>
    public static async Task<T> ShouldBeAsync<T>(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(status, body);
        return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;
    }

    /// <summary>The answer has the status, and its text is read.</summary>
    public static async Task<string> ShouldHaveTextAsync(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(status, body);
        return body;
    }

    /// <summary>The answer is problem details with the code.</summary>
    public static async Task<JsonElement> ShouldBeProblemAsync(this HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var problem = await answer.ShouldBeAsync<JsonElement>(status);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("code").GetString().ShouldBe(code);
        return problem;
    }

    public static Task<HttpResponseMessage> PostAsync<T>(this HttpClient http, string path, T body) =>
        http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);

    public static async Task<T> GetAsync<T>(this HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
        return await answer.ShouldBeAsync<T>(HttpStatusCode.OK);
    }

    /// <summary>The items of all pages of a list.</summary>
    /// <param name="path">With a query.</param>
    public static async Task<List<T>> AllAsync<T>(this HttpClient http, string path)
    {
        var all = new List<T>();
        string? cursor = null;
        do
        {
            var page = await http.GetAsync<Page<T>>(path + (cursor is null ? "" : $"&cursor={cursor}"));
            all.AddRange(page.Items);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    public static async Task<T> CreateAsync<T>(this HttpClient http, string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        return await answer.ShouldBeAsync<T>(HttpStatusCode.Created);
    }
}
