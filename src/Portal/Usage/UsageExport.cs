using System.Buffers;
using System.Globalization;
using Microsoft.AspNetCore.Components.Authorization;
using Platform.Contracts.Api;
using Platform.Portal.ControlApi;

namespace Platform.Portal.Usage;

/// <summary>
/// GET /t/{slug}/usage/export?from&amp;to: Control's export with the user's token, passed on as it comes. An export that
/// breaks off breaks the connection, so that nobody takes a part for the whole.
/// </summary>
internal static class UsageExport
{
    private const long MaxBytes = 1L << 30;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    public static string Address(string slug, DateTimeOffset from, DateTimeOffset to) =>
        $"/t/{slug}/usage/export?from={Instant(from)}&to={Instant(to)}";

    public static async Task HandleAsync(
        HttpContext http, string slug, DateTimeOffset from, DateTimeOffset to,
        AuthenticationStateProvider authentication, TenantDirectory tenants, ControlClient control, ILogger<TenantDirectory> logger)
    {
        // What a circuit knows of its user, this request tells itself.
        ((IHostEnvironmentAuthenticationStateProvider)authentication).SetAuthenticationState(Task.FromResult(new AuthenticationState(http.User)));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        stop.CancelAfter(Deadline);
        if (!(await tenants.FindAsync(slug)).Is(out var tenant, out var problem)
            || !(await control.OpenUsageExportAsync(tenant.Id, from, to, stop.Token)).Is(out var export, out problem))
        {
            await RefuseAsync(http, problem);
            return;
        }
        using (export)
        {
            http.Response.ContentType = "text/csv; charset=utf-8";
            http.Response.Headers.ContentDisposition =
                $"attachment; filename=\"usage-{tenant.Slug}-{from.UtcDateTime:yyyyMMdd}-{to.UtcDateTime:yyyyMMdd}.csv\"";
            http.Response.Headers.CacheControl = "no-store";
            try
            {
                await using var source = await export.Content.ReadAsStreamAsync(stop.Token);
                await CopyAsync(source, http.Response.Body, stop.Token);
            }
            catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
            {
                Log.ExportBroken(logger, e);
                http.Abort();
            }
        }
    }

    private static async Task CopyAsync(Stream source, Stream target, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            for (var copied = 0L; ;)
            {
                silence.CancelAfter(Silence);
                var read = await source.ReadAsync(buffer, silence.Token);
                if (read == 0)
                    return;
                copied += read;
                if (copied > MaxBytes)
                    throw new IOException("The export is over the portal's limit.");
                await target.WriteAsync(buffer.AsMemory(0, read), silence.Token);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static Task RefuseAsync(HttpContext http, ControlProblem problem)
    {
        http.Response.StatusCode = problem.Code switch
        {
            ProblemCodes.NotFound => StatusCodes.Status404NotFound,
            ProblemCodes.Forbidden => StatusCodes.Status403Forbidden,
            ProblemCodes.ValidationFailed or ProblemCodes.MalformedRequest => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status502BadGateway,
        };
        http.Response.ContentType = "text/plain; charset=utf-8";
        return http.Response.WriteAsync($"{problem.Title}\n{problem.Detail}", http.RequestAborted);
    }

    private static string Instant(DateTimeOffset value) => value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
