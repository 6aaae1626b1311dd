using System.Text;

namespace Platform.TestKit.Streams;

/// <summary>One event of a stream as its sender wrote it; comments alone (<c>: ping</c>) are one without data.</summary>
public sealed record SseEvent(string? Name, string? Data)
{
    /// <summary>What stood before the event's fields, each without its colon and first space.</summary>
    public IReadOnlyList<string> Comments { get; init; } = [];

    public string? Id { get; init; }

    public static SseEvent OfData(string data) => new(null, data);

    public static SseEvent Comment(string text) => new(null, null) { Comments = [text] };

    /// <summary>The event with its closing empty line; line ends are LF, as every provider writes them.</summary>
    public byte[] ToBytes() => ToBytes("\n");

    public byte[] ToBytes(string lineEnd)
    {
        var text = new StringBuilder();
        foreach (var comment in Comments)
            text.Append(": ").Append(comment).Append(lineEnd);
        if (Id is not null)
            text.Append("id: ").Append(Id).Append(lineEnd);
        if (Name is not null)
            text.Append("event: ").Append(Name).Append(lineEnd);
        foreach (var line in Data?.Split('\n') ?? [])
            text.Append("data: ").Append(line).Append(lineEnd);
        return Encoding.UTF8.GetBytes(text.Append(lineEnd).ToString());
    }
}
