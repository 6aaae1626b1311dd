using System.Text;
using Platform.Contracts.Ids;
using Platform.Gateway.Errors;

namespace Platform.Gateway.Requests;

/// <summary>What an operation reads of its form; all other fields are the engine's business. <c>model</c> and <c>stream</c> are read always.</summary>
/// <param name="files">Files that must be there: one of them, or more where their name is a list's.</param>
/// <param name="once">Fields that may not stand twice, because an engine might read the other one.</param>
internal sealed class FormShape(IReadOnlyList<string> files, params IReadOnlyList<string> once)
{
    private const string Model = "model";
    private const string Stream = "stream";

    /// <summary>The model reads it, so that its length counts where nobody counts tokens.</summary>
    private const string Prompt = "prompt";

    private const int MaxModelBytes = 4 * ModelName.MaxLength;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public Result<RequestFacts> Read(ReadOnlySpan<byte> body, string? boundary)
    {
        var (parts, malformed) = FormParts.Read(body, boundary);
        if (parts is null)
            return malformed!;
        if (Twice(parts) is { } twice)
            return ApiErrors.Duplicate(twice);
        if (parts.Find(p => p.Name == Model) is not { } model)
            return ApiErrors.Missing(Model);
        if (parts.Find(p => files.Contains(p.Name)) is not { } file)
            return ApiErrors.Missing(files[0]);
        if (parts.Find(p => p.IsFile != files.Contains(p.Name) && (files.Contains(p.Name) || IsOnce(p.Name))) is { } wrong)
            return ApiErrors.WrongType(wrong.Name, wrong.IsFile ? "a field without a file name" : "a file, with its name");
        if (TextOf(body[model.Value]) is not { Length: > 0 } name)
            return ApiErrors.InvalidValue(Model, "expected the name of a model");
        var (stream, usage) = (parts.Find(p => p.Name == Stream), parts.Find(p => p.Name == FormRequest.UsageField));
        foreach (var flag in new[] { stream, usage })
        {
            if (flag is not null && FlagOf(body[flag.Value]) is null)
                return ApiErrors.InvalidValue(flag.Name, "expected true or false");
        }
        return new FormRequest
        {
            Model = name,
            ModelValue = model.Value,
            Streamed = stream is not null && FlagOf(body[stream.Value]) == true,
            AsksUsage = usage is not null && FlagOf(body[usage.Value]) == true,
            UsageValue = usage?.Value,
            Delimiter = "--" + boundary,
            Start = body.IndexOf("--"u8),
            File = file.Value,
            Parts = [.. parts.Select(p => p.Whole)],
            PromptBytes = parts.Find(p => p.Name == Prompt) is { } prompt ? body[prompt.Value].Length : 0,
        };
    }

    private string? Twice(List<FormPart> parts)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return parts.Find(p => (IsOnce(p.Name) || (p.Name == files[0] && files.Count == 1)) && !seen.Add(p.Name))?.Name;
    }

    private bool IsOnce(string name) => name is Model or Stream or Prompt or FormRequest.UsageField || once.Contains(name);

    private static string? TextOf(ReadOnlySpan<byte> value)
    {
        try
        {
            return value.Length > MaxModelBytes ? null : Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>As FastAPI and OpenAI read it; null where it is neither.</summary>
    private static bool? FlagOf(ReadOnlySpan<byte> value) =>
        Ascii.EqualsIgnoreCase(value, "true"u8) || value.SequenceEqual("1"u8) ? true
        : Ascii.EqualsIgnoreCase(value, "false"u8) || value.SequenceEqual("0"u8) || value.IsEmpty ? false
        : null;
}
