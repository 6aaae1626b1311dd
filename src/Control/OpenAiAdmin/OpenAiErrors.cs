using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Platform.Contracts.Api;
using Platform.Control.Access;

namespace Platform.Control.OpenAiAdmin;

/// <summary>Every failure below <c>/v1</c> in OpenAI's shape: the same problems, written differently.</summary>
internal sealed class OpenAiErrors(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => context.HttpContext.Request.Path.StartsWithSegments(OpenAiAdminExtensions.Root);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        options.Value.CustomizeProblemDetails?.Invoke(context);
        var (http, problem) = (context.HttpContext, context.ProblemDetails);
        var status = problem.Status ?? http.Response.StatusCode;
        http.Response.StatusCode = status;
        var faults = FaultsOf(problem);
        var message = NoTenant(http, status)
            ?? problem.Detail
            ?? (faults.Count > 0 ? string.Join(' ', faults.Select(f => $"{f.Key}: {string.Join(' ', f.Value)}")) : null)
            ?? problem.Title
            ?? "The request failed.";
        var error = new OpenAiError(message, TypeOf(status), faults.Keys.FirstOrDefault(), problem.Extensions.TryGetValue("code", out var code) ? code as string : null);
        await http.Response.WriteAsJsonAsync(new OpenAiErrorAnswer(error), http.RequestAborted);
    }

    private static IReadOnlyDictionary<string, string[]> FaultsOf(ProblemDetails problem) => problem switch
    {
        HttpValidationProblemDetails invalid => invalid.Errors.ToDictionary(e => e.Key, e => e.Value),
        _ when problem.Extensions.TryGetValue("errors", out var errors) && errors is IReadOnlyDictionary<string, string[]> faults => faults,
        _ => new Dictionary<string, string[]>(),
    };

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        >= 500 => "server_error",
        _ => "invalid_request_error",
    };

    /// <summary>A caller of several tenants, or of none, has to say which one is meant.</summary>
    private static string? NoTenant(HttpContext http, int status) =>
        status == StatusCodes.Status404NotFound && TenantOfCaller.IsAskedBy(http) && http.Features.Get<CallerRights>() is { KnowsTenant: false }
            ? $"There is no such organization for you; name one of yours in {TenantOfCaller.Header}."
            : null;
}
