using System.Collections.Frozen;
using EngineNames = Platform.Contracts.Configuration.Engines;
using OperationNames = Platform.Contracts.Usage.Operations;

namespace Platform.Gateway.Upstream;

/// <summary>The engines that endpoints may be of, from their own documentation.</summary>
internal static class EngineProfiles
{
    private static readonly (string Operation, string Path)[] OpenAiLike = [(OperationNames.Chat, "/v1/chat/completions")];

    private static readonly FrozenDictionary<string, EngineProfile> All = new[]
    {
        Of(EngineNames.Vllm, OpenAiLike) with { CountsContinuously = true },
        Of("sglang", OpenAiLike),
        Of("trtllm", OpenAiLike),
        Of("triton", OpenAiLike),
        Of("tgi", OpenAiLike),
        Of("llamacpp", OpenAiLike),
        Of("ollama", OpenAiLike),
        Of("nim", OpenAiLike),
        Of("openai", OpenAiLike),
        Of("anthropic", []) with { Credential = CredentialStyle.ApiKeyHeader },
    }.ToFrozenDictionary(p => p.Name);

    /// <summary>The profile of one of <see cref="EngineNames.All"/>.</summary>
    public static EngineProfile? Find(string engine) => All.GetValueOrDefault(engine);

    private static EngineProfile Of(string name, params (string Operation, string Path)[] routes) =>
        new(name, routes.Select((r, i) => (r.Operation, Route: new EngineRoute(r.Path, i))).ToFrozenDictionary(r => r.Operation, r => r.Route));
}
