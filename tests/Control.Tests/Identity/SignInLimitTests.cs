using System.Net;
using Platform.Contracts.Api;

namespace Platform.Control.Tests.Identity;

public sealed class SignInLimitTests(Servers servers)
{
    [Theory]
    [InlineData("/identity/sign-in")]
    [InlineData("/identity/forgot")]
    [InlineData("/identity/reset")]
    public async Task More_tries_than_a_minute_allows_answer_429_and_the_page_stays_readable(string path)
    {
        await using var control = new ControlApp(servers) { Settings = { ["Identity:SignInsPerMinute"] = "3" } };
        await control.InitializeAsync();
        using var http = control.Anonymous();

        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < 4; i++)
            answers.Add(await http.PostAsync(path, new FormUrlEncodedContent([]), TestContext.Current.CancellationToken));
        using var page = await http.GetAsync(path, TestContext.Current.CancellationToken);

        answers.Take(3).ShouldAllBe(a => a.StatusCode == HttpStatusCode.BadRequest);
        await answers[3].ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, ProblemCodes.TooManyRequests);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
