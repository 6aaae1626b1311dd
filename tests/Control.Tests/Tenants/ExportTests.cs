using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Control.Tests.Tenants;

/// <summary>Exports hold a database connection while they are read: they are few at a time, and who reads too slowly is cut.</summary>
public sealed class ExportTests(Servers servers) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly ControlApp _control = new(servers) { Settings = { ["Exports:AtOnce"] = "3", ["Exports:StallSeconds"] = "5" } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _control.InitializeAsync();

    public ValueTask DisposeAsync() => _control.DisposeAsync();

    [Fact]
    public async Task An_export_is_recorded_whatever_else_the_request_asks_for()
    {
        var (tenant, owner) = await OwnerAsync();

        using var export = await owner.GetAsync($"/api/v1/tenants/{tenant}/export?dryRun=true", Cancel);

        (await export.ShouldHaveTextAsync(HttpStatusCode.OK)).ShouldContain(tenant.ToString());
        (await CountAsync(tenant)).ShouldBe(1);
    }

    [Theory]
    [InlineData("export")]
    [InlineData("audit-events/export?format=jsonl")]
    public async Task A_tenant_has_two_exports_at_once_and_a_third_is_told_to_come_again(string path)
    {
        var (tenant, owner) = await OwnerAsync();
        var (other, neighbour) = await OwnerAsync();
        await FillAsync(tenant);
        await FillAsync(other);
        var url = $"/api/v1/tenants/{tenant}/{path}";

        using var first = await OpenAsync(owner, url);
        using var second = await OpenAsync(owner, url);
        using var third = await OpenAsync(owner, url);
        using var theirs = await OpenAsync(neighbour, $"/api/v1/tenants/{other}/{path}");
        using var oneTooMany = await OpenAsync(neighbour, $"/api/v1/tenants/{other}/{path}");

        await third.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too_many_exports");
        third.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        theirs.StatusCode.ShouldBe(HttpStatusCode.OK);
        await oneTooMany.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, "too_many_exports");
        first.Dispose();
        second.Dispose();
        theirs.Dispose();
        await AwaitedAsync(owner, url);
    }

    [Fact]
    public async Task A_refused_export_is_not_recorded()
    {
        var (tenant, owner) = await OwnerAsync();
        await FillAsync(tenant);
        var url = $"/api/v1/tenants/{tenant}/export";
        using var first = await OpenAsync(owner, url);
        using var second = await OpenAsync(owner, url);

        using var third = await OpenAsync(owner, url);

        third.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await CountAsync(tenant)).ShouldBe(2);
    }

    [Fact]
    public async Task A_reader_that_stands_still_is_cut_and_its_place_is_free()
    {
        var (tenant, owner) = await OwnerAsync();
        await FillAsync(tenant);
        var url = $"/api/v1/tenants/{tenant}/export";
        using var first = await OpenAsync(owner, url);
        using var second = await OpenAsync(owner, url);

        await AwaitedAsync(owner, url);

        foreach (var cut in new[] { first, second })
            await Should.ThrowAsync<Exception>(() => cut.Content.ReadAsByteArrayAsync(Cancel));
    }

    /// <summary>Until an export of the whole is admitted, and comes to its end.</summary>
    private static async Task AwaitedAsync(HttpClient http, string url)
    {
        var since = Stopwatch.StartNew();
        while (since.Elapsed < Patience)
        {
            using var answer = await OpenAsync(http, url);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                (await answer.Content.ReadAsByteArrayAsync(Cancel)).Length.ShouldBeGreaterThan(10_000_000);
                return;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancel);
        }
        Assert.Fail("No place was free.");
    }

    private static Task<HttpResponseMessage> OpenAsync(HttpClient http, string url) => http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, Cancel);

    private async Task<(TenantId Id, HttpClient Owner)> OwnerAsync()
    {
        var (tenant, admin) = await _control.TenantAsync();
        admin.Dispose();
        return (tenant, await _control.CallerAsync(tenant: tenant, role: TenantRoles.Owner));
    }

    private Task<int> CountAsync(TenantId tenant) => _control.Database.InTenantAsync(
        tenant, (db, ct) => db.AuditEvents.CountAsync(a => a.TenantId == tenant && a.Action == "tenant.export", ct), Cancel);

    /// <summary>More than the buffers between Control and a reader hold.</summary>
    private Task<int> FillAsync(TenantId tenant) => _control.Database.InPlatformAsync(
        (db, ct) => db.Database.ExecuteSqlAsync(
            $$"""
              INSERT INTO audit_events (tenant_id, id, at, actor, action, target, details)
              SELECT {{tenant.Value}}, gen_random_uuid(), now(), 'filler', 'fill', 'x', jsonb_build_object('text', repeat('x', 100000))
              FROM generate_series(1, 400)
              """, ct),
        Cancel);
}
