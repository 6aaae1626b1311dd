using Platform.Contracts.Api;
using Platform.Control.Api;

namespace Platform.Control.OpenAiAdmin;

/// <summary>OpenAI's pages by ids (<c>limit</c>, <c>after</c>) as ours by cursors.</summary>
internal static class OpenAiPages
{
    private const int MaxLimit = 100;
    private const int DefaultLimit = 20;

    /// <param name="after">The id of the last one seen.</param>
    /// <exception cref="RequestPartException">The limit or the id cannot be.</exception>
    public static PageQuery Query(int? limit, string? after, string? sort = null, string parameter = "after")
    {
        if (limit is < 1 or > MaxLimit)
            throw new RequestPartException("limit", $"must be 1 to {MaxLimit}.");
        if (after is null)
            return new() { Limit = limit ?? DefaultLimit, Sort = sort };
        return Guid.TryParseExact(after, "D", out var id)
            ? new() { Limit = limit ?? DefaultLimit, Sort = sort, Cursor = new PageCursor(sort, null, id).ToString() }
            : throw new RequestPartException(parameter, "must be the id of one in the list.");
    }

    public static OpenAiList<T> List<T>(Page<T> page, Func<T, string> id) => new(
        page.Items,
        page.Items.Count > 0 ? id(page.Items[0]) : null,
        page.Items.Count > 0 ? id(page.Items[^1]) : null,
        page.NextCursor is not null);
}
