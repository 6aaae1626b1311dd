using Platform.Contracts.Ids;
using Platform.Gateway.Dialects.OpenAi;
using Platform.Gateway.Forwarding;

namespace Platform.Gateway.Translation;

/// <summary>What an answer says that does not come from the endpoint's.</summary>
/// <param name="Id">Of the request, for errors, and for answers without an id of their own.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="IncludeUsage">A chat completion's caller wants a stream's count.</param>
internal sealed record AnswerContext(RequestId Id, long Created, bool IncludeUsage)
{
    public static AnswerContext Of(Exchange exchange) => new(
        exchange.Arrival.Id, exchange.Arrival.StartedAt.ToUnixTimeSeconds(), exchange.Facts is ChatRequest { IncludeUsage: true });
}
