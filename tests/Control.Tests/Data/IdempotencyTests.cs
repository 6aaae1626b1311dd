using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Tests.Data;

public sealed class IdempotencyTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_forgotten_after_a_day_and_what_it_answered_with_it()
    {
        var tenant = TenantId.Platform;
        await control.Database.InPlatformAsync(
            async (db, ct) =>
            {
                foreach (var (key, hours) in new[] { ("old", 25), ("young", 23) })
                    db.IdempotencyKeys.Add(new() { TenantId = tenant, Principal = "p", Key = key, RequestHash = [1], CreatedAt = DateTimeOffset.UtcNow.AddHours(-hours) });
                return await db.SaveChangesAsync(ct);
            },
            Cancel);

        var pruned = await control.Services.GetServices<IHostedService>().OfType<IdempotencyPruning>().Single().PruneAsync(Cancel);

        pruned.ShouldBe(1);
        var left = await control.Database.InPlatformAsync((db, ct) => db.IdempotencyKeys.Where(k => k.Principal == "p").Select(k => k.Key).ToListAsync(ct), Cancel);
        left.ShouldBe(["young"]);
    }

    [Fact]
    public async Task What_is_kept_of_a_key_holds_no_secret()
    {
        var (tenant, admin) = await control.TenantAsync();
        var project = await admin.CreateAsync<ProjectAnswer>($"/api/v1/tenants/{tenant}/projects", new ProjectRequest { Name = "p" });
        admin.DefaultRequestHeaders.Add("Idempotency-Key", "k");
        var made = await admin.CreateAsync<CreatedApiKeyAnswer>($"/api/v1/tenants/{tenant}/api-keys", new CreateApiKeyRequest { Name = "k", ProjectId = project.Id });

        var kept = await control.Database.InPlatformAsync((db, ct) => db.IdempotencyKeys.Where(k => k.TenantId == tenant).Select(k => k.Answer).SingleAsync(ct), Cancel);

        kept!.Value.GetRawText().ShouldNotContain(made.Key!);
        kept.Value.GetProperty("replayed").GetBoolean().ShouldBeTrue();
    }
}
