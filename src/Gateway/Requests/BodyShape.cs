using System.Text;
using System.Text.Json;

namespace Platform.Gateway.Requests;

/// <summary>What may stand as the value of a member.</summary>
[Flags]
internal enum JsonKinds
{
    Text = 1,
    Number = 2,
    Flag = 4,
    Object = 8,
    Array = 16,
    Null = 32,
    Any = Text | Number | Flag | Object | Array | Null,
}

/// <summary>A member of a body's root that we read. All others are the engine's business.</summary>
internal sealed class BodyMember(string name, JsonKinds kinds)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(name);

    public string Name => name;

    public JsonKinds Kinds => kinds;

    public bool Required { get; init; }

    /// <summary>The model reads it, so that its length counts where nobody counts tokens.</summary>
    public bool IsPrompt { get; init; }

    /// <summary>Says how many tokens of output the caller wants at most.</summary>
    public bool IsOutputLimit { get; init; }

    /// <summary>An array of it may be empty.</summary>
    public bool MayBeEmpty { get; init; }

    public bool Is(ref Utf8JsonReader reader) => reader.ValueTextEquals(_utf8);

    public string Expected() => string.Join(" or ", Enum.GetValues<JsonKinds>().Where(k => k is not (JsonKinds.Null or JsonKinds.Any) && kinds.HasFlag(k)).Select(k => k switch
    {
        JsonKinds.Text => "a string",
        JsonKinds.Number => "a number",
        JsonKinds.Flag => "a boolean",
        JsonKinds.Object => "an object",
        _ => "an array",
    }));
}

/// <summary>What an operation reads of its JSON body. <c>model</c> is read always, and first among the members.</summary>
internal sealed class BodyShape(params IEnumerable<BodyMember> members)
{
    public static readonly BodyMember Model = new("model", JsonKinds.Text) { Required = true };

    public static readonly BodyMember Stream = new("stream", JsonKinds.Flag | JsonKinds.Null);

    public IReadOnlyList<BodyMember> Members { get; } = [Model, .. members];

    public int IndexOf(BodyMember member)
    {
        for (var i = 0; i < Members.Count; i++)
        {
            if (ReferenceEquals(Members[i], member))
                return i;
        }
        return -1;
    }

    public int Find(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < Members.Count; i++)
        {
            if (Members[i].Is(ref reader))
                return i;
        }
        return -1;
    }
}
