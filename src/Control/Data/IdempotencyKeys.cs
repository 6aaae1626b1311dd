using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;

namespace Platform.Control.Data;

/// <summary>
/// One use of an idempotency key, in the transaction of the write that it guards: a second request with the key waits
/// for the first one's end, then gets its answer. A key is remembered for <see cref="Kept"/>, and belongs to one
/// principal in one tenant.
/// </summary>
internal sealed class IdempotencyKeys(ControlDb db, TenantId tenant, WriteCall call, DateTimeOffset now)
{
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    private static readonly Failure Reused = new(
        StatusCodes.Status422UnprocessableEntity,
        ProblemCodes.IdempotencyKeyReused,
        $"The {WriteCall.IdempotencyHeader} was used for another request: take a fresh one for each thing that you want done.");

    /// <summary>Set where the key belongs to another request.</summary>
    public Failure? Refusal { get; private set; }

    /// <summary>Takes the key for this write; false, with the answer that it gave before, where it was taken already.</summary>
    public async Task<(bool Taken, JsonElement? Answer)> ReserveAsync(CancellationToken ct)
    {
        if (call.Idempotency is not { } key)
            return (true, null);
        var taken = await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO idempotency_keys (tenant_id, principal, key, request_hash, created_at)
             VALUES ({tenant.Value}, {call.Actor.Principal}, {key.Key}, {key.RequestHash}, {now})
             ON CONFLICT (tenant_id, principal, key) DO UPDATE
             SET request_hash = excluded.request_hash, answer = NULL, created_at = excluded.created_at
             WHERE idempotency_keys.created_at < {now - Kept}
             """, ct);
        if (taken > 0)
            return (true, null);
        var row = await db.IdempotencyKeys.AsNoTracking()
            .SingleAsync(k => k.TenantId == tenant && k.Principal == call.Actor.Principal && k.Key == key.Key, ct);
        if (!row.RequestHash.AsSpan().SequenceEqual(key.RequestHash))
            Refusal = Reused;
        return (false, row.Answer);
    }

    public static T Read<T>(JsonElement? answer) =>
        (answer ?? throw new InvalidOperationException("The key has no answer.")).Deserialize<T>(JsonSerializerOptions.Web)!;

    /// <summary>Remembers the answer, less what is secret in it.</summary>
    public async Task KeepAsync<T>(T value, CancellationToken ct)
    {
        if (call.Idempotency is not { } key)
            return;
        var shown = value is ISecretAnswer secret ? secret.WithoutSecret(replayed: true) : value!;
        var answer = JsonSerializer.Serialize(shown, shown.GetType(), JsonSerializerOptions.Web);
        await db.Database.ExecuteSqlAsync(
            $"""
             UPDATE idempotency_keys SET answer = {answer}::jsonb
             WHERE tenant_id = {tenant.Value} AND principal = {call.Actor.Principal} AND key = {key.Key}
             """, ct);
    }
}
