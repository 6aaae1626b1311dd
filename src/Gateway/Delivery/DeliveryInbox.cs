using System.Threading.Channels;
using Platform.Contracts.Ids;
using Platform.Contracts.Messages;

namespace Platform.Gateway.Delivery;

/// <summary>A word from Control, as it came over the bus.</summary>
internal abstract record News(AgentGroupName Group)
{
    public sealed record Changed(ConfigChanged Message) : News(Message.Group);

    public sealed record Head(ConfigHead Message) : News(Message.Group);
}

/// <summary>What came and is not yet looked at. When it is full the sender waits, and the broker keeps the rest within its own bound.</summary>
internal sealed class DeliveryInbox
{
    private readonly Channel<News> _news = Channel.CreateBounded<News>(new BoundedChannelOptions(64) { SingleReader = true });

    public ValueTask PutAsync(News news, CancellationToken token) => _news.Writer.WriteAsync(news, token);

    /// <summary>The next one; null when the time has passed without.</summary>
    public async Task<News?> TakeAsync(TimeSpan wait, TimeProvider time, CancellationToken token)
    {
        if (_news.Reader.TryRead(out var ready))
            return ready;
        if (wait <= TimeSpan.Zero)
            return null;
        using var deadline = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, token);
        try
        {
            return await _news.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return null;
        }
    }
}
