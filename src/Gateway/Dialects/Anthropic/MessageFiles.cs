using Platform.Gateway.Dialects.Responses;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Anthropic;

/// <summary>Files by their id in messages: refused, because nobody could say whose they are where tenants share a provider's key.</summary>
internal static class MessageFiles
{
    /// <summary>Null where there is none. The input of a tool may have any names.</summary>
    public static ApiError? Refusal(JsonRequest request, BodyMember messages, ReadOnlySpan<byte> body)
    {
        // Most have neither the name nor an escape that may be a part of it, and are not read a second time.
        if (body.IndexOf("file_id"u8) < 0 && body.IndexOf("\\u"u8) < 0)
            return null;
        return request.ValueOf(messages) is { } said && StoredState.NamesFile(body[said], but: "input"u8) ? ApiErrors.NotSupported("file_id") : null;
    }
}
