using Platform.Gateway.Forwarding;

namespace Platform.Gateway.KeptAnswers;

/// <summary>Gives a kept answer to another request's caller.</summary>
internal sealed class KeptWriter(CallerWriter writer)
{
    public async Task WriteAsync(Exchange exchange, KeptAnswer kept)
    {
        var answer = exchange.Http.Response;
        answer.StatusCode = kept.Status;
        foreach (var (name, value) in kept.Headers)
            answer.Headers[name] = value;
        answer.ContentLength = kept.Body.Length;
        await writer.TryWriteAsync(exchange, kept.Body);
    }
}
