using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Json;
using Platform.Control.Tests.Agents;

namespace Platform.Control.Tests.Operators;

public sealed class OperatorTests(ControlApp control) : IClassFixture<ControlApp>
{
    private const string Operators = "/api/v1/operator/operators";
    private const string Settings = "/api/v1/operator/settings";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operators_are_added_changed_listed_and_removed()
    {
        using var http = await control.OperatorAsync();
        var principal = $"new-{Guid.NewGuid():N}";

        var added = await http.CreateAsync<OperatorAnswer>(Operators, new { principal, role = "operator-viewer" });
        using var twice = await http.PostAsync(Operators, new { principal, role = "operator" });
        using var changed = await PutAsync(http, $"{Operators}/{principal}", new OperatorRequest { Role = OperatorRoles.Operator });
        var listed = await http.GetAsync<Page<OperatorAnswer>>($"{Operators}?q={principal}");
        using var removed = await http.DeleteAsync($"{Operators}/{principal}", Cancel);
        using var gone = await http.GetAsync($"{Operators}/{principal}", Cancel);

        added.Role.ShouldBe(OperatorRoles.Viewer);
        await twice.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.NameTaken);
        (await changed.ShouldBeAsync<OperatorAnswer>(HttpStatusCode.OK)).Role.ShouldBe(OperatorRoles.Operator);
        listed.Items.ShouldHaveSingleItem().Role.ShouldBe(OperatorRoles.Operator);
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await gone.ShouldBeProblemAsync(HttpStatusCode.NotFound, ProblemCodes.NotFound);
    }

    [Fact]
    public async Task A_change_of_an_operator_that_was_changed_since_is_412()
    {
        using var http = await control.OperatorAsync();
        var path = $"{Operators}/new-{Guid.NewGuid():N}";
        using var added = await http.PostAsync(Operators, new { principal = path[(Operators.Length + 1)..], role = "operator-viewer" });
        var first = added.Headers.ETag.ShouldNotBeNull().Tag;

        using var changed = await PutAsync(http, path, new OperatorRequest { Role = OperatorRoles.Operator }, first);
        using var stale = await PutAsync(http, path, new OperatorRequest { Role = OperatorRoles.Viewer }, first);
        using var remove = new HttpRequestMessage(HttpMethod.Delete, path);
        remove.Headers.TryAddWithoutValidation("If-Match", first);
        using var removed = await http.SendAsync(remove, Cancel);
        using var read = await http.GetAsync(path, Cancel);

        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        await stale.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        await removed.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        read.Headers.ETag.ShouldBe(changed.Headers.ETag);
        (await read.ShouldBeAsync<OperatorAnswer>(HttpStatusCode.OK)).Role.ShouldBe(OperatorRoles.Operator);
    }

    [Fact]
    public async Task The_last_operator_cannot_go_also_when_two_remove_each_other_at_the_same_time()
    {
        using var one = await control.OperatorAsync();
        using var two = await control.OperatorAsync();
        var (first, second) = (await SubjectAsync(one), await SubjectAsync(two));
        await control.Database.InPlatformAsync((db, ct) => db.Operators.Where(o => o.Principal != first && o.Principal != second).ExecuteDeleteAsync(ct), Cancel);

        var answers = await Task.WhenAll(
            one.DeleteAsync($"{Operators}/{second}", Cancel), PutAsync(two, $"{Operators}/{first}", new OperatorRequest { Role = OperatorRoles.Viewer }));

        answers.Count(a => a.IsSuccessStatusCode).ShouldBe(1);
        var left = answers[0].IsSuccessStatusCode ? one : two;
        using var demoted = await PutAsync(left, $"{Operators}/{await SubjectAsync(left)}", new OperatorRequest { Role = OperatorRoles.Viewer });
        await demoted.ShouldBeProblemAsync(HttpStatusCode.Conflict, ProblemCodes.LastOperator);
    }

    [Fact]
    public async Task Allowed_networks_reach_the_agents()
    {
        using var http = await control.OperatorAsync();
        using var agent = await EnrolledAgent.EnrolAsync(control);
        using var read = await http.GetAsync(Settings, Cancel);

        using var changed = await PutAsync(
            http, Settings, new { signUpMode = "off", signUpGroup = "default", allowedNetworks = new[] { "10.20.0.0/16", "fd12:3456::/32" } }, read.Headers.ETag!.ToString());
        using var lost = await PutAsync(http, Settings, new { signUpMode = "off", signUpGroup = "default" }, read.Headers.ETag!.ToString());

        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        await lost.ShouldBeProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.VersionMismatch);
        var platform = (await agent.CatchUpAsync()).Resources.Single(r => r.Kind == ConfigKinds.Platform).Document!.Value;
        System.Text.Json.JsonSerializer.Deserialize(platform, WireJson.Default.PlatformDocument)!.AllowedNetworks.ShouldBe(["10.20.0.0/16", "fd12:3456::/32"]);
    }

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.1/8")]
    [InlineData("nonsense/8")]
    [InlineData("127.0.0.0/8")]
    [InlineData("127.1.2.3/32")]
    [InlineData("0.0.0.0/0")]
    [InlineData("169.254.0.0/16")]
    [InlineData("169.254.169.254/32")]
    [InlineData("100.64.0.0/10")]
    [InlineData("::1/128")]
    [InlineData("::/0")]
    [InlineData("fe80::/10")]
    [InlineData("fd00:ec2::/32")]
    [InlineData("::ffff:10.0.0.0/104")]
    public async Task A_network_that_must_never_be_allowed_is_refused_by_its_path(string network)
    {
        using var http = await control.OperatorAsync();

        using var answer = await PutAsync(http, Settings, new { signUpMode = "off", signUpGroup = "default", allowedNetworks = new[] { "10.0.0.0/8", network } });

        (await answer.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors").EnumerateObject().Select(e => e.Name).ShouldBe(["allowedNetworks[1]"]);
    }

    [Fact]
    public async Task Settings_that_cannot_be_are_refused_by_their_paths()
    {
        using var http = await control.OperatorAsync();

        using var shape = await PutAsync(http, Settings, new { signUpMode = "maybe", signUpGroup = "default" });
        using var limits = await PutAsync(http, Settings, new { signUpMode = "open", signUpGroup = "default", signUpLimits = new { requestsPerMinute = 0 } });
        using var group = await PutAsync(http, Settings, new { signUpMode = "open", signUpGroup = "nowhere" });

        (await shape.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors").TryGetProperty("signUpMode", out _).ShouldBeTrue();
        (await limits.ShouldBeProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.ValidationFailed)).GetProperty("errors").TryGetProperty("signUpLimits.requestsPerMinute", out _).ShouldBeTrue();
        (await group.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, ProblemCodes.GroupUnknown)).GetProperty("errors").TryGetProperty("signUpGroup", out _).ShouldBeTrue();
    }

    private static async Task<string> SubjectAsync(HttpClient http) => (await http.GetAsync<MeAnswer>("/api/v1/me")).Subject;

    private static Task<HttpResponseMessage> PutAsync(HttpClient http, string path, object body, string tag = "*")
    {
        var request = new HttpRequestMessage(HttpMethod.Put, path) { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        return http.SendAsync(request, Cancel);
    }
}
