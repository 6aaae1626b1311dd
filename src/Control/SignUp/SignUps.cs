using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Tenants;

namespace Platform.Control.SignUp;

/// <summary>From a wish to a tenant: its owner, and the operator's limits for it.</summary>
internal static class SignUps
{
    public const int MaxTenants = 5;

    public static async Task<Outcome<SignUpAnswer>> RequestAsync(ConfigWrite write, SignUpRequest request, CallerRights caller, string mode, CancellationToken ct)
    {
        // One principal's requests wait for each other, so that each is counted.
        await write.Db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtext('sign-up'), hashtext({caller.Subject}))", ct);
        var own = await write.Db.SignUps.AsNoTracking().Where(s => s.Principal == caller.Subject && s.State != SignUpStates.Refused)
            .GroupBy(s => s.State).Select(g => new { State = g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.State, g => g.Count, ct);
        if (own.GetValueOrDefault(SignUpStates.Pending) > 0)
            return Failure.Conflict(ProblemCodes.SignUpPending, "Your last request is not decided yet.");
        if (own.GetValueOrDefault(SignUpStates.Approved) >= MaxTenants)
            return Failure.Conflict(ProblemCodes.TooManyTenants, $"At most {MaxTenants} tenants for each person; the operator makes more.");
        if (await write.Db.Tenants.AnyAsync(t => t.Slug == request.Slug, ct))
            return Failure.Conflict(ProblemCodes.NameTaken, "The slug is taken.");

        var row = new SignUpRow
        {
            Id = Guid.CreateVersion7(write.Now),
            Principal = caller.Subject,
            Email = caller.Email,
            TenantName = request.TenantName,
            Slug = request.Slug,
            State = SignUpStates.Pending,
            CreatedAt = write.Now,
        };
        if (mode == SignUpModes.Open)
        {
            if (await MakeAsync(write, row, await write.Db.PlatformSettings.AsNoTracking().SingleAsync(ct), ct) is { } failure)
                return failure;
            (row.State, row.DecidedAt) = (SignUpStates.Approved, write.Now);
        }
        write.Db.SignUps.Add(row);
        var answer = Answer(row);
        write.Audit("sign-up.request", row.Id.ToString(), null, answer);
        return answer;
    }

    /// <summary>Makes the tenant.</summary>
    public static async Task<Failure?> MakeAsync(ConfigWrite write, SignUpRow row, PlatformSettingsRow settings, CancellationToken ct)
    {
        var id = TenantId.New();
        var made = await TenantRows.AddAsync(write, id, row.TenantName, row.Slug, settings.SignUpGroup, ct);
        if (made.Failed)
            return made.Failure;
        write.Db.Memberships.Add(new() { TenantId = id, Principal = row.Principal, Role = TenantRoles.Owner, Email = row.Email, CreatedAt = write.Now });
        if (settings.SignUpLimits?.Deserialize<QuotaSpec>(JsonSerializerOptions.Web) is { } limits && limits != new QuotaSpec())
            write.Db.Quotas.Add(Quota(id, limits, write.Now));
        row.MadeTenantId = id;
        return null;
    }

    public static SignUpAnswer Answer(SignUpRow row) => new(
        row.Id, row.Principal, row.Email, row.TenantName, row.Slug, row.State, row.CreatedAt, row.DecidedAt, row.MadeTenantId);

    private static QuotaRow Quota(TenantId tenant, QuotaSpec limits, DateTimeOffset now) => new()
    {
        TenantId = tenant,
        Id = Guid.CreateVersion7(now),
        Scope = LimitScopes.Tenant,
        IsOperators = true,
        RequestsPerMinute = limits.RequestsPerMinute,
        RequestsPerDay = limits.RequestsPerDay,
        TokensPerMinute = limits.TokensPerMinute,
        TokensPerDay = limits.TokensPerDay,
        ConcurrentRequests = limits.ConcurrentRequests,
        CreatedAt = now,
    };
}
