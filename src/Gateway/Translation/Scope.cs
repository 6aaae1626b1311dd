using System.Text;
using System.Text.Json;
using Platform.Gateway.Errors;
using Platform.Gateway.Requests;

namespace Platform.Gateway.Translation;

/// <summary>What becomes of a field in the other dialect.</summary>
internal enum Fate
{
    /// <summary>It has its place there, or decides what is written there.</summary>
    Mapped,

    /// <summary>Without it the answer would not be what was asked for.</summary>
    Refused,

    /// <summary>Left out, and named in the answer's header.</summary>
    Dropped,
}

/// <summary>A member of an object of one dialect, and its fate.</summary>
/// <param name="to">Where it goes, or why it does not.</param>
internal sealed class Field(Scope scope, int index, string name, Fate fate, string to)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(name);

    public int Index => index;

    public string Name => name;

    public string Path { get; } = scope.Path.Length == 0 ? name : $"{scope.Path}.{name}";

    public Fate Fate => fate;

    public string To => to;

    /// <summary>What may stand there where it is mapped.</summary>
    public JsonKinds Kinds { get; init; }

    public bool Required { get; init; }

    /// <summary>A value of a field that is else refused, or dropped, which says nothing.</summary>
    public Func<JsonValue, bool>? Unless { get; init; }

    public bool Is(ref Utf8JsonReader reader) => reader.ValueTextEquals(_utf8);
}

/// <summary>One kind of object in a dialect: all its members that are known, each with one fate. A member that is not known is dropped.</summary>
/// <param name="path">Where such objects stand; a part of a list in brackets by its type.</param>
internal sealed class Scope(string path)
{
    private readonly List<Field> _fields = [];

    public string Path => path;

    public IReadOnlyList<Field> Fields => _fields;

    public Field Maps(string name, JsonKinds kinds, string to, bool required = false) =>
        Add(new(this, _fields.Count, name, Fate.Mapped, to) { Kinds = kinds, Required = required });

    public Scope Drops(string name, string why, Func<JsonValue, bool>? unless = null)
    {
        Add(new(this, _fields.Count, name, Fate.Dropped, why) { Unless = unless });
        return this;
    }

    public Scope Refuses(string name, string why, Func<JsonValue, bool>? unless = null)
    {
        Add(new(this, _fields.Count, name, Fate.Refused, why) { Unless = unless });
        return this;
    }

    /// <summary>The members that are mapped. The others have met their fate.</summary>
    /// <exception cref="InvalidOperationException">A name has an escape that is no character.</exception>
    public Members Read(JsonValue value, Findings findings)
    {
        var values = new JsonValue[_fields.Count];
        if (!value.IsObject)
        {
            findings.Refuse(ApiErrors.WrongType(path, "an object"));
            return new(values);
        }
        var reader = new Utf8JsonReader(value.Raw.Span, JsonValue.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(ref reader);
            var unknown = field is null ? reader.GetString() : null;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var member = new JsonValue(value.Raw[start..(int)reader.BytesConsumed]);
            if (field is not null)
                Take(field, member, values, findings);
            else if (!member.IsMissing)
                findings.Drop(path.Length == 0 ? unknown! : $"{path}.{unknown}");
        }
        foreach (var field in _fields)
        {
            if (field.Required && values[field.Index].IsMissing)
                findings.Refuse(ApiErrors.Missing(field.Path));
        }
        return new(values);
    }

    private static void Take(Field field, JsonValue member, JsonValue[] values, Findings findings)
    {
        if (field.Fate == Fate.Mapped)
        {
            if (!values[field.Index].Raw.IsEmpty)
                findings.Refuse(ApiErrors.Duplicate(field.Path));
            else if (!member.IsMissing && !field.Kinds.HasFlag(KindOf(member)))
                findings.Refuse(ApiErrors.WrongType(field.Path, new BodyMember(field.Name, field.Kinds).Expected()));
            else
                values[field.Index] = member;
        }
        else if (!member.IsMissing && field.Unless?.Invoke(member) != true)
        {
            if (field.Fate == Fate.Refused)
                findings.Refuse(ApiErrors.NotTranslated(field.Path, field.To));
            else
                findings.Drop(field.Path);
        }
    }

    private Field? Find(ref Utf8JsonReader reader)
    {
        foreach (var field in _fields)
        {
            if (field.Is(ref reader))
                return field;
        }
        return null;
    }

    private Field Add(Field field)
    {
        _fields.Add(field);
        return field;
    }

    private static JsonKinds KindOf(JsonValue value) => value.Raw.Span[0] switch
    {
        (byte)'"' => JsonKinds.Text,
        (byte)'{' => JsonKinds.Object,
        (byte)'[' => JsonKinds.Array,
        (byte)'t' or (byte)'f' => JsonKinds.Flag,
        _ => JsonKinds.Number,
    };
}

/// <summary>The mapped members of one object; a field of another scope has nothing to look for here.</summary>
internal readonly struct Members(JsonValue[] values)
{
    public JsonValue this[Field field] => values[field.Index];
}
