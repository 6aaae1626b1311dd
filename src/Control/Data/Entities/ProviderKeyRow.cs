using Platform.Contracts.Ids;

namespace Platform.Control.Data.Entities;

/// <summary>A pool's upstream credential, in a table of its own: a shared pool's row is readable where it is offered, its credential never.</summary>
internal sealed class ProviderKeyRow
{
    public TenantId TenantId { get; init; }

    public PoolId PoolId { get; init; }

    /// <summary>Sealed with the master key; context: <see cref="ContextOf"/>.</summary>
    public required byte[] Sealed { get; set; }

    /// <summary>The last four characters, to recognise it by.</summary>
    public required string Hint { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? RotatedAt { get; set; }

    public static string ContextOf(TenantId tenant, PoolId pool) => $"provider-key\n{tenant}\n{pool}";
}
