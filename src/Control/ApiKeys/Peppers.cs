using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.ApiKeys;

/// <summary>What API keys are hashed with, so that a copy of the database cannot be searched for keys.</summary>
internal sealed class Peppers(MasterKey master)
{
    private const int Size = 32;

    /// <summary>The pepper that hashes new keys; null where there is none yet.</summary>
    public async Task<(string Id, byte[] Clear)?> NewestAsync(ControlDb db, CancellationToken ct) =>
        await db.Peppers.AsNoTracking().OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id).FirstOrDefaultAsync(ct) is { } row
            ? (row.Id, master.Open(row.Sealed, PepperRow.ContextOf(row.Id)))
            : null;

    /// <summary>Adds a fresh one to the context.</summary>
    /// <returns>Its id.</returns>
    public string Add(ControlDb db, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now).ToString("N");
        var clear = RandomNumberGenerator.GetBytes(Size);
        db.Peppers.Add(new() { Id = id, Sealed = master.Seal(clear, PepperRow.ContextOf(id)), CreatedAt = now });
        CryptographicOperations.ZeroMemory(clear);
        return id;
    }
}
