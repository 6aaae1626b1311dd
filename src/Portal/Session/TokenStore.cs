using System.Diagnostics.CodeAnalysis;

namespace Platform.Portal.Session;

/// <summary>
/// The newest tokens of each session, for circuits, which see no cookie. In memory and bounded: the session that was
/// not used for the longest time is forgotten first, and its cookie brings it back with the next page.
/// </summary>
internal sealed class TokenStore(int capacity = TokenStore.DefaultCapacity)
{
    public const int DefaultCapacity = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<StoredSession>> _byId = [];
    private readonly LinkedList<StoredSession> _byUse = [];

    /// <summary>The session, marked as used now.</summary>
    public bool TryFind(string sessionId, [NotNullWhen(true)] out StoredSession? session)
    {
        lock (_gate)
        {
            session = null;
            if (!_byId.TryGetValue(sessionId, out var node))
                return false;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            session = node.Value;
            return true;
        }
    }

    /// <summary>Brings the tokens of a cookie in. A session that is known keeps what it has, which is newer or the same.</summary>
    public StoredSession GetOrAdd(string sessionId, SessionTokens fromCookie)
    {
        lock (_gate)
        {
            if (TryFind(sessionId, out var known))
                return known;
            if (_byId.Count >= capacity)
            {
                _byId.Remove(_byUse.Last!.Value.Id);
                _byUse.RemoveLast();
            }
            var added = new StoredSession(sessionId, fromCookie);
            _byId[sessionId] = _byUse.AddFirst(added);
            return added;
        }
    }

    /// <summary>Ends a session: until it is forgotten, no cookie brings it back.</summary>
    public void End(string sessionId)
    {
        if (TryFind(sessionId, out var session))
            session.End();
    }
}
