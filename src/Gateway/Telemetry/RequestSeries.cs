namespace Platform.Gateway.Telemetry;

/// <summary>What the measurements of like requests are told apart by; made once, and used for each of them.</summary>
internal sealed class RequestSeries(string operation, string model, string provider, string tenant, string pool)
{
    private readonly KeyValuePair<string, object?>[] _tags =
    [
        new(TelemetryNames.OperationName, operation),
        new(TelemetryNames.RequestModel, model),
        new(TelemetryNames.Provider, provider),
        new(TelemetryNames.Tenant, tenant),
        new(TelemetryNames.Pool, pool),
    ];

    private KeyValuePair<string, object?>[]? _input;
    private KeyValuePair<string, object?>[]? _output;

    public ReadOnlySpan<KeyValuePair<string, object?>> Tags => _tags;

    public ReadOnlySpan<KeyValuePair<string, object?>> InputTags => _input ??= [.. _tags, new(TelemetryNames.TokenType, "input")];

    public ReadOnlySpan<KeyValuePair<string, object?>> OutputTags => _output ??= [.. _tags, new(TelemetryNames.TokenType, "output")];
}
