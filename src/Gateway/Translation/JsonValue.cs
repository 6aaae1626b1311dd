using System.Buffers;
using System.Text.Json;

namespace Platform.Gateway.Translation;

/// <summary>A value in the bytes of a JSON text that is known to be whole: it points there, and copies nothing.</summary>
/// <param name="Raw">From the value's first byte to its last; empty where a member is missing.</param>
internal readonly record struct JsonValue(ReadOnlyMemory<byte> Raw)
{
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    public static readonly JsonValue EmptyObject = new("{}"u8.ToArray());

    /// <summary>A null says no more than a member that is not there.</summary>
    public bool IsMissing => Raw.IsEmpty || Raw.Span[0] == (byte)'n';

    public bool IsText => First == (byte)'"';

    public bool IsObject => First == (byte)'{';

    public bool IsArray => First == (byte)'[';

    public bool IsTrue => First == (byte)'t';

    public bool IsEmptyText => IsText && Raw.Length == 2;

    /// <summary>A text without its quotes, escapes as they are.</summary>
    public ReadOnlySpan<byte> Inner => IsText ? Raw.Span[1..^1] : [];

    public JsonItems Items => new(IsArray ? Raw : default);

    private byte First => Raw.IsEmpty ? (byte)0 : Raw.Span[0];

    /// <summary>The one value of a text.</summary>
    public static JsonValue Root(ReadOnlyMemory<byte> json) => new(json.Trim(" \t\r\n"u8));

    /// <summary>False where the bytes are not one whole JSON value, or have an escape that is no character.</summary>
    public static bool TryRoot(ReadOnlyMemory<byte> json, out JsonValue root)
    {
        root = default;
        try
        {
            var reader = new Utf8JsonReader(json.Span, Options);
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                    Check(ref reader);
            }
            root = Root(json);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <exception cref="InvalidOperationException">An escape is no character.</exception>
    private static void Check(ref Utf8JsonReader reader)
    {
        var text = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            reader.CopyString(text);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(text);
        }
    }

    public bool Is(ReadOnlySpan<byte> text)
    {
        if (!IsText)
            return false;
        var reader = new Utf8JsonReader(Raw.Span, Options);
        return reader.Read() && reader.ValueTextEquals(text);
    }

    public long? Integer
    {
        get
        {
            var reader = new Utf8JsonReader(Raw.Span, Options);
            return !Raw.IsEmpty && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : null;
        }
    }

    public double? Number
    {
        get
        {
            var reader = new Utf8JsonReader(Raw.Span, Options);
            return !Raw.IsEmpty && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var value) ? value : null;
        }
    }

    /// <summary>The member of an object; missing where there is none.</summary>
    public JsonValue Member(ReadOnlySpan<byte> name)
    {
        if (!IsObject)
            return default;
        var reader = new Utf8JsonReader(Raw.Span, Options);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
                return new(Raw[start..(int)reader.BytesConsumed]);
        }
        return default;
    }

    /// <summary>A text with its escapes undone.</summary>
    /// <exception cref="InvalidOperationException">An escape is no character.</exception>
    public byte[] Unescaped()
    {
        var reader = new Utf8JsonReader(Raw.Span, Options);
        reader.Read();
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan.ToArray();
        var text = new byte[reader.ValueSpan.Length];
        return text[..reader.CopyString(text)];
    }

    /// <summary>The JSON object that a text holds; null where it holds anything else. No text at all is an empty object.</summary>
    public JsonValue? Embedded()
    {
        var text = Unescaped();
        if (text.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
            return EmptyObject;
        return TryRoot(text, out var root) && root.IsObject ? root : null;
    }
}

/// <summary>The items of an array, one after the other; all at once would be many times the array's own size.</summary>
internal readonly record struct JsonItems(ReadOnlyMemory<byte> Array)
{
    public Enumerator GetEnumerator() => new(Array);

    internal struct Enumerator(ReadOnlyMemory<byte> array)
    {
        private int _next = 1;

        public JsonValue Current { get; private set; }

        public bool MoveNext()
        {
            var span = array.Span;
            while (_next < span.Length && span[_next] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',')
                _next++;
            if (_next >= span.Length || span[_next] == (byte)']')
                return false;
            var reader = new Utf8JsonReader(span[_next..], JsonValue.Options);
            reader.Read();
            reader.Skip();
            var end = _next + (int)reader.BytesConsumed;
            Current = new(array[_next..end]);
            _next = end;
            return true;
        }
    }
}
