using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Data.Entities;

namespace Platform.Control.ApiKeys;

/// <summary>Makes the secrets of keys: the text goes to the caller once, its hash under the newest pepper is kept.</summary>
internal sealed class ApiKeySecrets(Peppers peppers)
{
    /// <summary>A fresh secret; null where the platform has no pepper yet.</summary>
    public async Task<NewSecret?> MakeAsync(ControlDb db, CancellationToken ct)
    {
        if (await peppers.NewestAsync(db, ct) is not { } pepper)
            return null;
        var text = ApiKeyFormat.Generate();
        ApiKeyFormat.TryGetPrefix(text, out var prefix);
        return new(text, prefix, pepper.Id, ApiKeyFormat.Hash(text, pepper.Clear));
    }
}

/// <param name="Text">What callers send.</param>
internal sealed record NewSecret(string Text, ApiKeyPrefix Prefix, string PepperId, byte[] Hash)
{
    /// <summary>Puts the secret in the place of the key's own, which works for the grace period beside it.</summary>
    /// <param name="graceEnd">Null ends the old one at once.</param>
    public void Replace(ApiKeyRow key, DateTimeOffset now, DateTimeOffset? graceEnd)
    {
        (key.PreviousPrefix, key.PreviousPepperId, key.PreviousHash, key.PreviousExpiresAt) = graceEnd is null
            ? default((ApiKeyPrefix?, string?, byte[]?, DateTimeOffset?))
            : (key.Prefix, key.PepperId, key.Hash, graceEnd);
        (key.Prefix, key.PepperId, key.Hash, key.RotatedAt) = (Prefix, PepperId, Hash, now);
    }
}
