using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using Platform.Contracts.Api;
using Platform.Control.Data;

namespace Platform.Control.Api;

/// <summary>Every failure as problem details (RFC 9457) with a stable <c>code</c>; an exception's text never leaves.</summary>
internal static class Problems
{
    public static void AddProblems(this IServiceCollection services)
    {
        services.AddProblemDetails(o => o.CustomizeProblemDetails = Complete);
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddExceptionHandler<ExceptionProblems>();
    }

    /// <summary>Before everything that may fail.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = c => ExceptionProblems.IsCallers(c.Exception) });
        app.UseStatusCodePages();
    }

    public static ProblemHttpResult ToProblem(this Failure failure)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = failure.Code };
        if (failure.Errors is { } errors)
            extensions["errors"] = errors;
        return TypedResults.Problem(failure.Detail, statusCode: failure.Status, extensions: extensions);
    }

    private static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        if (problem is HttpValidationProblemDetails invalid)
            invalid.Errors = invalid.Errors.ToDictionary(e => AsWritten(e.Key), e => e.Value);
        problem.Extensions.TryAdd("code", problem is HttpValidationProblemDetails ? ProblemCodes.ValidationFailed : CodeOf(problem.Status));
    }

    /// <summary>A member's path as the caller wrote it: <c>Endpoints[0].Url</c> is <c>endpoints[0].url</c> in JSON.</summary>
    private static string AsWritten(string path) => string.Join('.', path.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));

    private static string CodeOf(int? status) => status switch
    {
        StatusCodes.Status401Unauthorized => ProblemCodes.Unauthenticated,
        StatusCodes.Status403Forbidden => ProblemCodes.Forbidden,
        StatusCodes.Status404NotFound => ProblemCodes.NotFound,
        StatusCodes.Status405MethodNotAllowed => ProblemCodes.MethodNotAllowed,
        StatusCodes.Status412PreconditionFailed => ProblemCodes.VersionMismatch,
        StatusCodes.Status428PreconditionRequired => ProblemCodes.PreconditionRequired,
        StatusCodes.Status413PayloadTooLarge => ProblemCodes.PayloadTooLarge,
        StatusCodes.Status415UnsupportedMediaType => ProblemCodes.UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => ProblemCodes.TooManyRequests,
        StatusCodes.Status503ServiceUnavailable => ProblemCodes.DependencyDown,
        >= 500 => ProblemCodes.InternalError,
        _ => ProblemCodes.MalformedRequest,
    };

    private sealed class ExceptionProblems(IProblemDetailsService problems, ILogger<ExceptionProblems> logger) : IExceptionHandler
    {
        public static bool IsCallers(Exception exception) => exception is BadHttpRequestException || IsUnstorableText(exception);

        public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
        {
            if (exception is RequestPartException part)
                return await WritePartAsync(httpContext, part);
            var (status, detail) = exception switch
            {
                BadHttpRequestException { InnerException: JsonException json } e => (e.StatusCode, $"The body is not the JSON that is asked for; see {json.Path ?? "$"}."),
                BadHttpRequestException e => (e.StatusCode, "A part of the request could not be read."),
                _ when IsUnstorableText(exception) => (StatusCodes.Status400BadRequest, "A text holds the character U+0000, or a number is too large: it cannot be stored."),
                _ when Outage.IsOne(exception) => (StatusCodes.Status503ServiceUnavailable, "The database does not answer; try again."),
                _ => (StatusCodes.Status500InternalServerError, "Something went wrong here."),
            };
            if (status == StatusCodes.Status503ServiceUnavailable)
                Log.DatabaseDown(logger, exception);
            httpContext.Response.StatusCode = status;
            return await problems.TryWriteAsync(new()
            {
                HttpContext = httpContext,
                ProblemDetails = new ProblemDetails { Status = status, Detail = detail },
            });
        }

        /// <summary>PostgreSQL keeps no U+0000 in texts (22021) nor in jsonb (22P05), and no number beyond its numeric's range (22003).</summary>
        private static bool IsUnstorableText(Exception exception) => (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState
            is PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter or PostgresErrorCodes.NumericValueOutOfRange;

        private ValueTask<bool> WritePartAsync(HttpContext http, RequestPartException part)
        {
            http.Response.StatusCode = part.StatusCode;
            var problem = new ProblemDetails { Status = part.StatusCode, Detail = part.Message };
            problem.Extensions["errors"] = new Dictionary<string, string[]> { [part.Part] = [part.Message] };
            if (part.StatusCode == StatusCodes.Status400BadRequest)
                problem.Extensions["code"] = ProblemCodes.ValidationFailed;
            return problems.TryWriteAsync(new() { HttpContext = http, ProblemDetails = problem });
        }
    }
}
