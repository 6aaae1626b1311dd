using System.Buffers.Text;
using System.Text.Json;

namespace Platform.Control.Api;

/// <summary>Where a page ended; opaque to callers.</summary>
/// <param name="Sort">The order that it belongs to.</param>
/// <param name="Value">The last item's value of the sorted field; null in the order of creation.</param>
/// <param name="Key">Its key, where that is a text.</param>
internal sealed record PageCursor(string? Sort, string? Value, Guid Id, string? Key = null)
{
    /// <exception cref="RequestPartException">It is none of ours, or belongs to another order.</exception>
    public static PageCursor? Read(string? text, string? sort)
    {
        if (text is null)
            return null;
        try
        {
            if (Base64Url.IsValid(text)
                && JsonSerializer.Deserialize<PageCursor>(Base64Url.DecodeFromChars(text)) is { } cursor
                && cursor.Sort == sort
                && cursor.Value is null == sort is null or Sorts<object>.OldestFirst or Sorts<object>.NewestFirst)
                return cursor;
        }
        catch (JsonException)
        {
            throw Refused();
        }
        throw Refused();
    }

    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this));

    private static RequestPartException Refused() => new("cursor", "must be the nextCursor of a page with the same sort.");
}
