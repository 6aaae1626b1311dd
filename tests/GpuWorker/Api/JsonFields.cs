using System.Text.Json;

namespace Platform.GpuWorker.Api;

/// <summary>Reads typed members of an object and keeps the first fault. A JSON null counts as absent.</summary>
internal sealed class JsonFields(JsonElement root)
{
    public ApiError? Fault { get; private set; }

    public JsonElement? Member(string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name)
    {
        if (Member(name) is not { } value)
            return null;
        if (ReadText(value) is { } text)
            return text;
        Fail(ApiError.WrongType(name, "a string"));
        return null;
    }

    public bool Flag(string name)
    {
        if (Member(name) is not { } value)
            return false;
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            Fail(ApiError.WrongType(name, "a boolean"));
        return value.ValueKind == JsonValueKind.True;
    }

    public int? Whole(string name, int least)
    {
        if (Member(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
            Fail(ApiError.WrongType(name, "an integer"));
        else if (number < least)
            Fail(ApiError.Invalid(name, $"Invalid '{name}': integer below minimum value. Expected a value >= {least}, but got {number} instead."));
        else
            return number;
        return null;
    }

    /// <summary>A string's text; null when the value is no string, or one that is no valid UTF-16.</summary>
    public static string? ReadText(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private void Fail(ApiError fault) => Fault ??= fault;
}
