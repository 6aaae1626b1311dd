namespace Platform.Hosting.Outbound;

/// <summary>
/// A name resolved to no address that is allowed; comes as the inner exception of HTTP clients' <see cref="HttpRequestException"/>.
/// Its text names the host only, never the addresses behind it.
/// </summary>
public sealed class AddressRefusedException(string host) : Exception($"'{host}' has no address that is allowed.");
