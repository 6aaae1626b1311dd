using System.Net;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Forwarding;

/// <summary>The body of a try that the forwarder does not see. Its bytes are in use until it has ended.</summary>
internal sealed class LegContent(RequestBody body) : HttpContent
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _wasRead;

    public bool WasRead => _wasRead;

    /// <summary>It is not being sent.</summary>
    public Task Ended => _wasRead ? _ended.Task : Task.CompletedTask;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _wasRead = true;
        try
        {
            await using var source = body.OpenRead();
            await source.CopyToAsync(stream, cancellationToken);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
