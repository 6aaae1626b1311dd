using System.Diagnostics;
using Platform.Gateway.Tests.World;
using Platform.TestKit.Upstream;

namespace Platform.Gateway.Tests.Faults;

/// <summary>A gateway whose bounds are small enough to be met, and the ways in which a fault is looked at.</summary>
public abstract class FaultWorld : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly GatewayFixture _fixture;

    protected FaultWorld(params string[] settings) => _fixture = new()
    {
        Settings = [$"Limits:MaxEventBytes={FaultTable.MaxEventBytes}", $"Limits:MaxAnswerBytes={FaultTable.MaxAnswerBytes}", .. settings],
    };

    public ValueTask InitializeAsync() => _fixture.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _fixture.DisposeAsync();
    }

    /// <summary>Plain and streamed, as far as the fault exists.</summary>
    internal Task MeetAsync(Fault fault, FaultDialect dialect) => Task.WhenAll(
        new[] { false, true }.Where(streamed => fault.Expected(dialect, streamed) is not null).Select(streamed => MeetAsync(fault, dialect, streamed)));

    internal async Task MeetAsync(Fault fault, FaultDialect dialect, bool streamed)
    {
        var script = fault.Script(dialect, streamed);
        await using var upstream = ScriptedUpstream.Start(_ => script);
        var tenant = await _fixture.TenantAsync(dialect.Engine, upstream.Url);
        using var request = tenant.Request(dialect.Body(tenant.Model, streamed));
        request.RequestUri = new(dialect.Path, UriKind.Relative);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        var began = Stopwatch.GetTimestamp();

        using var response = await tenant.Gateway.Http.SendAsync(request, deadline.Token);
        var body = await response.Content.ReadAsByteArrayAsync(deadline.Token);

        var how = $"{fault.Name}, {dialect.Name}, {(streamed ? "streamed" : "plain")}, {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s: {(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(body)}";
        response.Headers.GetValues("x-request-id").ShouldHaveSingleItem(how);
        var sight = CallerSight.Of(response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, dialect.Callers);
        var record = await tenant.RecordAsync();
        record.Streamed.ShouldBe(streamed, how);
        switch (fault.Expected(dialect, streamed))
        {
            case Sight.Refused refused:
                ShouldBeRefused(sight, dialect, refused, how);
                (record.Status, record.ErrorCode).ShouldBe(((int)response.StatusCode, refused.Code), how);
                response.Headers.GetValues("x-gateway-reason").ShouldHaveSingleItem(how);
                break;
            case Sight.Broken broken:
                sight.Unread.ShouldBe(0, how);
                ShouldBeBroken(sight, dialect, broken, how);
                (record.Status, record.ErrorCode).ShouldBe((200, broken.Code.Length > 0 ? broken.Code : "upstream_failed"), how);
                break;
            case Sight.Passed:
                (sight.Status, sight.HasEnd, sight.Error).ShouldBe((System.Net.HttpStatusCode.OK, true, null), how);
                sight.Text.Replace('\ufffd', 'G').ShouldBe(FaultDialect.Sample.WholeText, how);
                (record.Status, record.InputTokens, record.OutputTokens).ShouldBe((200, 19, 12), how);
                break;
            case { } whole:
                System.Text.Unicode.Utf8.IsValid(body).ShouldBeTrue(how);
                sight.Unread.ShouldBe(0, how);
                (sight.Status, sight.Text, sight.HasEnd, sight.Error).ShouldBe((System.Net.HttpStatusCode.OK, FaultDialect.Sample.WholeText, whole is Sight.Whole, null), how);
                (record.Status, record.ErrorCode, record.InputTokens, record.OutputTokens, record.UsageSource).ShouldBe((200, null, 19, 12, "provider"), how);
                break;
        }
        upstream.Count.ShouldBe(1, how);
    }

    private static void ShouldBeRefused(CallerSight sight, FaultDialect dialect, Sight.Refused refused, string how)
    {
        ((int)sight.Status).ShouldBe(dialect.Callers == Reading.Messages ? refused.Messages ?? refused.Status : refused.Status, how);
        (sight.IsStream, sight.HasEnd).ShouldBe((false, false), how);
        var error = sight.Error.ShouldNotBeNull(how);
        if (dialect.Callers != Reading.Messages)
            ((string?)error["code"]).ShouldBe(refused.Code, how);
    }

    private static void ShouldBeBroken(CallerSight sight, FaultDialect dialect, Sight.Broken broken, string how)
    {
        (sight.IsStream, sight.HasEnd).ShouldBe((true, false), how);
        sight.Text.ShouldNotBeEmpty(how);
        FaultDialect.Sample.WholeText.ShouldStartWith(sight.Text, Case.Sensitive, how);
        var error = sight.Error.ShouldNotBeNull(how);
        if (broken.Code.Length > 0 && dialect.Callers != Reading.Messages)
            ((string?)error["code"]).ShouldBe(broken.Code, how);
    }
}
