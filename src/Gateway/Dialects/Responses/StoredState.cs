using System.Text.Json;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Dialects.Responses;

/// <summary>Finds what names something stored: it is refused, because nobody could say whose it is.</summary>
internal static class StoredState
{
    /// <summary>Null and <c>false</c> say nothing.</summary>
    public static readonly BodyMember[] Members =
    [
        new("previous_response_id", JsonKinds.Text | JsonKinds.Null),
        new("conversation", JsonKinds.Text | JsonKinds.Object | JsonKinds.Null),
        new("background", JsonKinds.Flag | JsonKinds.Null),
        new("prompt", JsonKinds.Object | JsonKinds.Null),
    ];

    /// <summary>Null where the request stands for itself.</summary>
    /// <param name="request">Its shape has <see cref="Members"/>.</param>
    public static ApiError? Refusal(JsonRequest request, BodyMember input, ReadOnlySpan<byte> body)
    {
        foreach (var member in Members)
        {
            if (request.ValueOf(member) is { } value && !body[value].SequenceEqual("null"u8) && !body[value].SequenceEqual("false"u8))
                return ApiErrors.NotSupported(member.Name);
        }
        return request.ValueOf(input) is { } said && NamesFile(body[said]) ? ApiErrors.NotSupported("file_id") : null;
    }

    /// <summary>A file by its id, anywhere. The bytes are known to be JSON.</summary>
    /// <param name="input">The value to look into.</param>
    /// <param name="but">A member whose value is the caller's own words, where any name means nothing.</param>
    public static bool NamesFile(ReadOnlySpan<byte> input, ReadOnlySpan<byte> but = default)
    {
        var reader = new Utf8JsonReader(input, new JsonReaderOptions { MaxDepth = 128 });
        while (reader.Read())
        {
            if (!but.IsEmpty && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(but))
                reader.Skip();
            else if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("file_id"u8) && reader.Read() && reader.TokenType != JsonTokenType.Null)
                return true;
        }
        return false;
    }
}
