using Platform.Contracts.Api;
using Platform.Portal.Session;

namespace Platform.Portal.ControlApi;

/// <summary>Who the user is and which tenants he may open, asked of Control at most once a minute in a circuit.</summary>
internal sealed class TenantDirectory(ControlClient control, AccessTokens tokens, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private Task<ControlAnswer<MeAnswer>>? _asked;
    private long _askedAt;

    public async Task<ControlAnswer<MeAnswer>> GetMeAsync()
    {
        if (_asked is null || time.GetElapsedTime(_askedAt) > Freshness || (_asked.IsCompletedSuccessfully && _asked.Result.Problem is not null))
        {
            _askedAt = time.GetTimestamp();
            _asked = control.GetMeAsync(CancellationToken.None);
        }
        return await _asked;
    }

    /// <summary>The tenant with that slug; <see cref="ProblemCodes.NotFound"/> where there is none for this user.</summary>
    public async Task<ControlAnswer<TenantRef>> FindAsync(string slug)
    {
        if (!(await GetMeAsync()).Is(out var me, out var problem))
            return problem;
        var mine = me.Memberships.FirstOrDefault(m => m.TenantSlug == slug);
        if (mine is not null)
        {
            tokens.Leave(mine.TenantId);
            return new TenantRef(mine.TenantId, mine.TenantName, mine.TenantSlug, mine.Role);
        }
        if (me.OperatorRole is not { } role)
            return NotFound();
        if (!(await control.FindTenantAsync(slug, CancellationToken.None)).Is(out var tenants, out problem))
            return problem;
        if (tenants.Items is not [var found, ..])
            return NotFound();
        tokens.Enter(found.Id);
        return new TenantRef(found.Id, found.Name, found.Slug, role);
    }

    private static ControlProblem NotFound() =>
        new(ProblemCodes.NotFound, "There is no such tenant, or you are not a member of it.");
}
