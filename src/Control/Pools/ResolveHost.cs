using System.Net;

namespace Platform.Control.Pools;

/// <summary>All addresses of a name, as the system's resolver has them.</summary>
/// <exception cref="System.Net.Sockets.SocketException">There is no such name, or nobody knows.</exception>
internal delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken ct);
