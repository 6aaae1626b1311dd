using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.JsonWebTokens;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;

namespace Platform.Portal.Tests.Fakes;

/// <summary>A Control that speaks the contracts from memory. Tenants other than those it was given answer 404.</summary>
public sealed class FakeControl : FakeServer
{
    public static readonly TenantAnswer Acme = new(
        TenantId.Parse("11111111-0000-7000-8000-000000000001"), "Acme Research", "acme", AgentGroupName.Default, false, false, null, DateTimeOffset.UtcNow.AddDays(-40), 1);

    public static readonly ProjectAnswer SearchProject = new(ProjectId.Parse("22222222-0000-7000-8000-000000000001"), "Search", DateTimeOffset.UtcNow.AddDays(-30), 1);

    private readonly ConcurrentQueue<(string Path, string? Token)> _asked = [];

    /// <summary>Whether a bearer token is good.</summary>
    public Func<string?, Task<bool>> Accepts { get; set; } = token => Task.FromResult(token is not null);

    public MeAnswer Me { get; set; } = new("user-1", "user@example.com", null, [new(Acme.Id, Acme.Name, Acme.Slug, TenantRoles.Admin)]);

    public List<TenantAnswer> Tenants { get; } = [Acme];

    public List<ProjectAnswer> Projects { get; } = [SearchProject];

    public List<ModelAnswer> Models { get; } = [];

    public List<ApiKeyAnswer> Keys { get; } = [];

    public List<AgentAnswer> Agents { get; } = [];

    public List<UsageRow> Usage { get; } = [];

    public string Export { get; set; } = "id,model\n1,llama\n";

    /// <summary>When set, the export's connection breaks after this many bytes.</summary>
    public int? BreakExportAfter { get; set; }

    /// <summary>When set, answers this to the next write.</summary>
    public IResult? NextWriteAnswer { get; set; }

    /// <summary>Every request so far: path with query, and token.</summary>
    public IReadOnlyList<(string Path, string? Token)> Asked => [.. _asked];

    public static async Task<FakeControl> StartNewAsync()
    {
        var control = new FakeControl();
        await control.StartAsync();
        return control;
    }

    public static IResult Problem(int status, string code, string title, Dictionary<string, string[]>? errors = null)
    {
        var members = new Dictionary<string, object?> { ["code"] = code };
        if (errors is not null)
            members["errors"] = errors;
        return Results.Problem(statusCode: status, title: title, extensions: members);
    }

    protected override void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1").AddEndpointFilter(AuthorizeAsync);
        api.MapGet("/me", () => Me);
        api.MapGet("/tenants", (string? cursor) => Paged(Tenants, cursor));
        api.MapGet("/agents", () => new Page<AgentAnswer>(Agents));
        MapTenant(api.MapGroup("/tenants/{tenantId}").AddEndpointFilter(async (context, next) =>
            Tenants.FirstOrDefault(t => t.Id.ToString() == (string?)context.HttpContext.GetRouteValue("tenantId")) is not { } tenant
                ? Problem(404, ProblemCodes.NotFound, "Not found")
                : LetsIn(context.HttpContext.Request, tenant) ? await next(context) : Problem(403, ProblemCodes.Forbidden, "Forbidden")));
    }

    private void MapTenant(RouteGroupBuilder tenant)
    {
        tenant.MapGet("/projects", () => new Page<ProjectAnswer>([.. Projects]));
        tenant.MapPost("/projects", (ProjectRequest body) => Write(() =>
        {
            var project = new ProjectAnswer(ProjectId.New(), body.Name, DateTimeOffset.UtcNow, 1);
            Projects.Add(project);
            return Results.Json(project, statusCode: 201);
        }));
        tenant.MapGet("/models", () => new Page<ModelAnswer>([.. Models]));
        tenant.MapGet("/api-keys", () => new Page<ApiKeyAnswer>([.. Keys]));
        tenant.MapPost("/api-keys", (CreateApiKeyRequest body) => Write(() =>
        {
            var text = ApiKeyFormat.Generate();
            ApiKeyFormat.TryGetPrefix(text, out var prefix);
            var key = new ApiKeyAnswer(ApiKeyId.New(), body.Name, body.ProjectId, prefix, DateTimeOffset.UtcNow, body.ExpiresAt, null, null, null, null, null, null, 1);
            Keys.Add(key);
            return Results.Json(new CreatedApiKeyAnswer(key, text), statusCode: 201);
        }));
        tenant.MapPost("/api-keys/{id}/revoke", (string id) => Write(() =>
        {
            var index = Keys.FindIndex(k => k.Id.ToString() == id);
            Keys[index] = Keys[index] with { RevokedAt = DateTimeOffset.UtcNow };
            return Results.Json(Keys[index]);
        }));
        tenant.MapGet("/usage", (DateTimeOffset from, DateTimeOffset to, string bucket) =>
        {
            List<UsageRow> rows = [.. Usage.Where(r => r.Start >= from && r.Start < to)];
            long Sum(Func<UsageTotals, long> of) => rows.Sum(r => of(r.Totals));
            return new UsageAnswer(from, to, bucket, new(
                Sum(t => t.Requests), Sum(t => t.Errors), Sum(t => t.InputTokens), Sum(t => t.CachedInputTokens), Sum(t => t.OutputTokens), Sum(t => t.ReasoningTokens)), rows);
        });
        tenant.MapGet("/usage/export", async (HttpContext http, string format, DateTimeOffset from, DateTimeOffset to) =>
        {
            http.Response.ContentType = "text/csv";
            await http.Response.WriteAsync(BreakExportAfter is { } length ? Export[..length] : Export);
            await http.Response.Body.FlushAsync();
            if (BreakExportAfter is not null)
                http.Abort();
        });
    }

    /// <summary>A member by the user's own token; an operator by one that was exchanged for the tenant, and only to look.</summary>
    private bool LetsIn(HttpRequest request, TenantAnswer tenant)
    {
        var inside = new JsonWebTokenHandler() is var handler && TokenOf(request) is { } token && handler.CanReadToken(token)
            && handler.ReadJsonWebToken(token).TryGetPayloadValue<string>("platform_tenant", out var claim) ? claim : null;
        return inside is null
            ? Me.Memberships.Any(m => m.TenantId == tenant.Id)
            : inside == tenant.Id.ToString() && HttpMethods.IsGet(request.Method);
    }

    private static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : null;

    private IResult Write(Func<IResult> write)
    {
        var answer = NextWriteAnswer;
        NextWriteAnswer = null;
        return answer ?? write();
    }

    private async ValueTask<object?> AuthorizeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var token = TokenOf(request);
        _asked.Enqueue((request.Path + request.QueryString, token));
        return await Accepts(token) ? await next(context) : Problem(401, ProblemCodes.Unauthenticated, "Unauthorized");
    }

    /// <summary>Two entries a page, so that clients have to follow.</summary>
    private static Page<T> Paged<T>(List<T> items, string? cursor)
    {
        var at = cursor is null ? 0 : int.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture);
        return new([.. items.Skip(at).Take(2)], at + 2 < items.Count ? $"{at + 2}" : null);
    }
}
