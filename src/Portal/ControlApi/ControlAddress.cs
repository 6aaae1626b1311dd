using Platform.Contracts.Ids;

namespace Platform.Portal.ControlApi;

/// <summary>A path below Control's address, and the tenant that it is about, where it is about one.</summary>
internal readonly record struct ControlAddress(string Path, TenantId? Tenant = null)
{
    public static implicit operator ControlAddress(string path) => new(path);

    public ControlAddress With(string query) => this with { Path = Path + query };
}
