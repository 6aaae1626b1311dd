using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using Platform.GpuWorker.Engine;
using Platform.GpuWorker.Options;
using Platform.GpuWorker.RequestLog;
using Platform.GpuWorker.Tokens;

namespace Platform.GpuWorker.Api;

/// <summary>Validates a body. What it learns on the way goes into the log's entry, so that refusals show it too.</summary>
internal sealed class RequestParser(WorkerOptions options)
{
    public bool TryParse(
        JsonElement root,
        GenerationKind kind,
        RequestEntry entry,
        [NotNullWhen(true)] out GenerationRequest? request,
        [NotNullWhen(false)] out ApiError? fault)
    {
        request = null;
        var known = kind == GenerationKind.Chat ? KnownFields.Chat : KnownFields.Completion;
        if (root.ValueKind != JsonValueKind.Object)
            fault = ApiError.NotJson;
        else if (root.EnumerateObject().FirstOrDefault(p => !known.Contains(p.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
            fault = ApiError.Unknown(unknown.Name);
        else
            fault = Read(new(root), kind, entry, out request);
        return fault is null && request is not null;
    }

    private ApiError? Read(JsonFields fields, GenerationKind kind, RequestEntry entry, out GenerationRequest? request)
    {
        request = null;
        entry.Model = fields.Text("model");
        entry.Stream = fields.Flag("stream");
        var settings = ReadSettings(fields);
        var prompt = new BlockChain(XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(fields.Text("cache_salt") ?? "")));
        if (fields.Fault is { } wrongType)
            return wrongType;
        if (entry.Model is null)
            return ApiError.Missing("model");
        if (entry.Model != options.Model)
            return ApiError.UnknownModel(entry.Model);
        if (settings.Choices > 1)
            return ApiError.Invalid("n", "The simulator answers with one choice: 'n' must be 1.");
        if (ReadStreamOptions(fields, entry.Stream, out var includeUsage, out var continuousUsage) is { } streamFault)
            return streamFault;
        if (ReadPrompt(fields, kind, prompt) is { } promptFault)
            return promptFault;
        entry.PromptTokens = prompt.Length;
        if (Room(kind, prompt.Length, settings.Most, out var most) is { } tooLong)
            return tooLong;
        var answer = AnswerPlan.For(prompt, Math.Min(settings.Least, most), most, settings.IgnoreEos);
        request = new(kind, prompt, answer, entry.Stream, includeUsage, continuousUsage);
        return null;
    }

    private static Settings ReadSettings(JsonFields fields) => new(
        fields.Whole("max_completion_tokens", 1) ?? fields.Whole("max_tokens", 1),
        fields.Whole("min_tokens", 0) ?? 0,
        fields.Flag("ignore_eos"),
        fields.Whole("n", 1) ?? 1);

    private static ApiError? ReadStreamOptions(JsonFields fields, bool stream, out bool includeUsage, out bool continuousUsage)
    {
        includeUsage = continuousUsage = false;
        if (fields.Member("stream_options") is not { } member)
            return null;
        if (!stream)
            return ApiError.Invalid("stream_options", "Stream options can only be defined when `stream=True`.");
        if (member.ValueKind != JsonValueKind.Object)
            return ApiError.WrongType("stream_options", "an object");
        var inner = new JsonFields(member);
        includeUsage = inner.Flag("include_usage");
        continuousUsage = inner.Flag("continuous_usage_stats") && includeUsage;
        return inner.Fault;
    }

    private static ApiError? ReadPrompt(JsonFields fields, GenerationKind kind, BlockChain prompt)
    {
        var name = kind == GenerationKind.Chat ? "messages" : "prompt";
        if (fields.Member(name) is not { } value)
            return ApiError.Missing(name);
        var fault = kind == GenerationKind.Chat
            ? PromptReader.Chat(value, fields.Member("tools"), prompt.Append)
            : PromptReader.Completion(value, prompt.Append);
        return fault ?? (prompt.Length == 0 ? ApiError.Invalid(name, $"Invalid '{name}': it has no tokens.") : null);
    }

    private ApiError? Room(GenerationKind kind, int promptTokens, int? asked, out int most)
    {
        var room = options.EffectiveModelLength - promptTokens;
        most = asked ?? room;
        return room < 1 || asked > room
            ? ApiError.TooLong(kind == GenerationKind.Chat ? "messages" : "prompt", options.EffectiveModelLength, promptTokens, asked)
            : null;
    }

    /// <param name="Most">The caller's limit on the answer's tokens.</param>
    /// <param name="Least">The caller's least number of tokens.</param>
    private readonly record struct Settings(int? Most, int Least, bool IgnoreEos, int Choices);
}
