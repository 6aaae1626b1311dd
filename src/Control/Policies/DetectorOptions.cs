using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Contracts.Api;
using Platform.Control.Pools;

namespace Platform.Control.Policies;

/// <summary>Checks of what detectors are told.</summary>
internal static class DetectorOptions
{
    public const string NotStorable = "must have no character U+0000 and no half of a surrogate pair.";

    private const int MaxPattern = 1000;
    private const int MaxUrl = 500;

    public static OptionCheck Texts(int min, int max, int maxLength) => (value, path, faults) =>
    {
        if (IsList(value, min, max, path, faults))
        {
            foreach (var (index, item) in value.EnumerateArray().Index())
            {
                if (item.ValueKind != JsonValueKind.String || item.GetString() is not { Length: > 0 } text || text.Length > maxLength)
                    faults.Add($"{path}[{index}]", $"must be a text of 1 to {maxLength} characters.");
            }
        }
    };

    public static OptionCheck Whole(int min, int max) => (value, path, faults) =>
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number) || number < min || number > max)
            faults.Add(path, $"must be a whole number from {min} to {max}.");
    };

    public static OptionCheck OneOf(params string[] allowed) => (value, path, faults) =>
    {
        if (value.ValueKind != JsonValueKind.String || !allowed.Contains(value.GetString()))
            faults.Add(path, $"must be {string.Join(" or ", allowed)}.");
    };

    /// <summary>A pattern that takes time in proportion to the text, whatever the text is.</summary>
    public static void Pattern(JsonElement value, string path, SpecFaults faults)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 and <= MaxPattern } pattern)
        {
            faults.Add(path, $"must be a text of 1 to {MaxPattern} characters.");
            return;
        }
        try
        {
            if (new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant).IsMatch(""))
                faults.Add(path, "must not match the empty text.");
        }
        catch (RegexParseException e)
        {
            faults.Add(path, $"must be a regular expression of .NET: {e.Error} at {e.Offset}.");
        }
        catch (NotSupportedException)
        {
            faults.Add(path, "must do without lookarounds, backreferences, atomic groups and large repetitions, so that no text makes it slow.");
        }
    }

    public static void Languages(JsonElement value, string path, SpecFaults faults)
    {
        if (!IsList(value, 1, 200, path, faults))
            return;
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            if (item.ValueKind != JsonValueKind.String || !LanguageCodes.IsOne(item.GetString()!))
                faults.Add($"{path}[{index}]", "must be a language's two letters in ISO 639-1, in lower case.");
        }
    }

    public static void Schema(JsonElement value, string path, SpecFaults faults)
    {
        if (value.ValueKind != JsonValueKind.Object)
            faults.Add(path, "must be a JSON schema, as an object.");
    }

    /// <summary>Held to the rules of tenants' endpoints; an agent looks again at where the name leads when it connects.</summary>
    public static void Url(JsonElement value, string path, SpecFaults faults)
    {
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 and <= MaxUrl } text)
            faults.Add(path, $"must be an address of 1 to {MaxUrl} characters.", ProblemCodes.UrlRefused);
        else if (EndpointAddress.OfTenant(text, faults.AllowedNetworks).Fault is { } fault)
            faults.Add(path, fault, ProblemCodes.UrlRefused);
    }

    /// <summary>Whether the database can hold it: PostgreSQL's jsonb has no U+0000 and no half of a surrogate pair.</summary>
    public static bool IsStorable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(m => IsRead(m, out var name) && IsStorable(name) && IsStorable(m.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
        JsonValueKind.String => IsRead(value, out var text) && IsStorable(text),
        _ => true,
    };

    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
                return false;
        }
        return true;
    }

    private static bool IsRead(JsonElement value, out string text) => TryRead(() => value.GetString()!, out text);

    private static bool IsRead(JsonProperty member, out string name) => TryRead(() => member.Name, out name);

    /// <summary>The reader throws for a half of a surrogate pair that is written as an escape.</summary>
    private static bool TryRead(Func<string> read, out string text)
    {
        try
        {
            text = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static bool IsList(JsonElement value, int min, int max, string path, SpecFaults faults)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= min && value.GetArrayLength() <= max)
            return true;
        faults.Add(path, $"must be a list of {min} to {max} items.");
        return false;
    }
}
