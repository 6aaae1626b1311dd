using System.Runtime.InteropServices;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;

namespace Platform.Gateway.Configuration;

/// <summary>A <see cref="ConfigResource"/> with its document as bytes, as it is stored and read.</summary>
/// <param name="Document">UTF-8 JSON; null for a tombstone.</param>
internal sealed record Resource(string Kind, string Key, long Revision, TenantId TenantId, byte[]? Document)
{
    public static Resource From(ConfigResource resource) => new(
        resource.Kind, resource.Key, resource.Revision, resource.TenantId,
        resource.Document is { } document ? JsonMarshal.GetRawUtf8Value(document).ToArray() : null);
}
