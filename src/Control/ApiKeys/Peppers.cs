using Microsoft.EntityFrameworkCore;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Secrets;

namespace Platform.Control.ApiKeys;

/// <summary>What API keys are hashed with, so that a copy of the database cannot be searched for keys.</summary>
internal sealed class Peppers(MasterKey master)
{
    /// <summary>The pepper that hashes new keys; null where there is none yet.</summary>
    public async Task<(string Id, byte[] Clear)?> NewestAsync(ControlDb db, CancellationToken ct) =>
        await db.Peppers.AsNoTracking().OrderByDescending(p => p.CreatedAt).ThenByDescending(p => p.Id).FirstOrDefaultAsync(ct) is { } row
            ? (row.Id, master.Open(row.Sealed, PepperRow.ContextOf(row.Id)))
            : null;
}
