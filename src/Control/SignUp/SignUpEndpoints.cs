using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.SignUp;

internal static class SignUpEndpoints
{
    private const string Thing = "sign-up";

    private static readonly Sorts<SignUpRow> Sorted = new Sorts<SignUpRow>().By("slug", s => s.Slug);

    private static readonly Failure Off = new(StatusCodes.Status403Forbidden, ProblemCodes.SignUpOff, "Tenants are made by the operator here.");

    private static readonly Failure PeopleOnly = new(
        StatusCodes.Status403Forbidden, ProblemCodes.PeopleOnly, "A program signs up no tenant: its people do, each for themselves.");

    /// <summary>Makes the tenant, or asks an operator to; the caller becomes its owner.</summary>
    public static async Task<WriteAnswer<SignUpAnswer, Creates>> RequestAsync(
        SignUpRequest request, CallerRights caller, WriteCall call, Database database, ConfigWriter writer, CancellationToken ct)
    {
        if (caller.Provider is not null)
            return new Written<SignUpAnswer> { Failure = ProviderSignIn.CountsHereOnly }.ToCreated(_ => "");
        if (caller.IsProgram || caller.Acting is not null)
            return new Written<SignUpAnswer> { Failure = PeopleOnly }.ToCreated(_ => "");
        var mode = await database.InPlatformAsync((db, token) => db.PlatformSettings.Select(s => s.SignUpMode).SingleAsync(token), ct);
        var written = mode switch
        {
            SignUpModes.Open => await writer.InPlatformAsync<SignUpAnswer>(
                TenantId.Platform, call, (write, token) => SignUps.RequestAsync(write, request, caller, mode, token), ct),
            SignUpModes.Approval => await writer.UnheardInPlatformAsync<SignUpAnswer>(
                TenantId.Platform, call, (write, token) => SignUps.RequestAsync(write, request, caller, mode, token), ct),
            _ => new() { Failure = Off },
        };
        return written.ToCreated(_ => "/api/v1/sign-ups/mine");
    }

    public static Task<Page<SignUpAnswer>> MineAsync([AsParameters] PageQuery page, CallerRights caller, Database database, CancellationToken ct) =>
        database.InPlatformAsync(
            // What somebody signed up is nothing to the tenant by whose provider they are signed in.
            (db, token) => db.SignUps.Where(s => s.Principal == caller.Subject && caller.Provider == null)
                .Containing(s => s.TenantName, page).ToPageAsync(s => s.Id, page, Sorted, SignUps.Answer, token),
            ct);

    public static Task<Page<SignUpAnswer>> ListAsync([AsParameters] PageQuery page, Database database, CancellationToken ct, string? state = null)
    {
        if (state is not (null or SignUpStates.Pending or SignUpStates.Approved or SignUpStates.Refused))
            throw new RequestPartException("state", "must be one of pending, approved, refused.");
        return database.InPlatformAsync(
            (db, token) => db.SignUps.Where(s => state == null || s.State == state)
                .Containing(s => s.TenantName, page).ToPageAsync(s => s.Id, page, Sorted, SignUps.Answer, token),
            ct);
    }

    public static async Task<WriteAnswer<SignUpAnswer, Changes>> ApproveAsync(Guid id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InPlatformAsync<SignUpAnswer>(
            TenantId.Platform,
            call,
            async (write, token) =>
            {
                var found = await PendingAsync(write, id, token);
                if (found.Failed)
                    return found.Failure;
                var (row, before) = (found.Value, SignUps.Answer(found.Value));
                if (await SignUps.MakeAsync(write, row, await write.Db.PlatformSettings.AsNoTracking().SingleAsync(token), token) is { } failure)
                    return failure;
                return Decided(write, row, SignUpStates.Approved, "sign-up.approve", before);
            },
            ct);
        return written.ToChanged();
    }

    public static async Task<WriteAnswer<SignUpAnswer, Changes>> RefuseAsync(Guid id, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.UnheardInPlatformAsync<SignUpAnswer>(
            TenantId.Platform,
            call,
            async (write, token) =>
            {
                var found = await PendingAsync(write, id, token);
                return found.Failed ? found.Failure : Decided(write, found.Value, SignUpStates.Refused, "sign-up.refuse", SignUps.Answer(found.Value));
            },
            ct);
        return written.ToChanged();
    }

    private static SignUpAnswer Decided(ConfigWrite write, SignUpRow row, string state, string action, SignUpAnswer before)
    {
        (row.State, row.DecidedAt, row.DecidedBy) = (state, write.Now, write.Call.Actor.Principal);
        var after = SignUps.Answer(row);
        write.Audit(action, row.Id.ToString(), before, after);
        return after;
    }

    private static async Task<Outcome<SignUpRow>> PendingAsync(ConfigWrite write, Guid id, CancellationToken ct)
    {
        var rows = await write.Db.SignUps.FromSql($"SELECT * FROM sign_ups WHERE id = {id} FOR UPDATE").ToListAsync(ct);
        return rows switch
        {
            [{ State: SignUpStates.Pending } row] => row,
            [_] => Failure.Conflict(ProblemCodes.SignUpDecided, "The sign-up was decided already."),
            _ => Failure.NotFound(Thing),
        };
    }
}
