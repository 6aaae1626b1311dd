using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Gateway.Translation;

/// <summary>Values that go from one JSON text into another as they are written, escapes and all.</summary>
internal static class JsonWriting
{
    /// <summary>What is written follows from what was read, which was checked.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Copy(this Utf8JsonWriter json, JsonValue value)
    {
        if (value.Raw.IsEmpty)
            json.WriteNullValue();
        else
            json.WriteRawValue(value.Raw.Span, skipInputValidation: true);
    }

    public static void Copy(this Utf8JsonWriter json, string name, JsonValue value)
    {
        json.WritePropertyName(name);
        json.Copy(value);
    }

    /// <summary>Nothing where there is no value.</summary>
    public static void CopyIfThere(this Utf8JsonWriter json, string name, JsonValue value)
    {
        if (!value.IsMissing)
            json.Copy(name, value);
    }

    /// <summary>A text of pieces that are escaped already.</summary>
    public static void Joined(
        this Utf8JsonWriter json, string name, ReadOnlySpan<byte> one, ReadOnlySpan<byte> two = default, ReadOnlySpan<byte> three = default, ReadOnlySpan<byte> four = default)
    {
        var length = one.Length + two.Length + three.Length + four.Length + 2;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        var text = rented.AsSpan(0, length);
        text[0] = text[^1] = (byte)'"';
        one.CopyTo(text[1..]);
        two.CopyTo(text[(1 + one.Length)..]);
        three.CopyTo(text[(1 + one.Length + two.Length)..]);
        four.CopyTo(text[(1 + one.Length + two.Length + three.Length)..]);
        json.WritePropertyName(name);
        json.WriteRawValue(text, skipInputValidation: true);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>A text as it is; anything else as the text of its JSON.</summary>
    public static void CopyAsText(this Utf8JsonWriter json, string name, JsonValue value)
    {
        if (value.IsText)
            json.Copy(name, value);
        else
            json.WriteString(name, value.IsMissing ? default : value.Raw.Span);
    }

    /// <summary>A part or block of text.</summary>
    public static void TextBlock(this Utf8JsonWriter json, JsonValue text)
    {
        json.WriteStartObject();
        json.WriteString("type", "text");
        json.Copy("text", text);
        json.WriteEndObject();
    }

    /// <summary>One text as it is; several as parts; none as an empty one.</summary>
    public static void Texts(this Utf8JsonWriter json, string name, IReadOnlyList<JsonValue> texts)
    {
        if (texts.Count <= 1)
        {
            json.WritePropertyName(name);
            if (texts.Count == 1)
                json.Copy(texts[0]);
            else
                json.WriteStringValue("");
            return;
        }
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.TextBlock(text);
        json.WriteEndArray();
    }
}
