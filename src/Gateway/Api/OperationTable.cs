using Platform.Gateway.Dialects.OpenAi;

namespace Platform.Gateway.Api;

/// <summary>All that callers may ask for. A new endpoint is a line here, and lines in the engines' profiles.</summary>
internal static class OperationTable
{
    public static readonly IReadOnlyList<Operation> All = [new ChatOperation()];
}
