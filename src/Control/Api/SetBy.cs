using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Data;

namespace Platform.Control.Api;

/// <summary>
/// Who sets a limit or a policy of a tenant: the tenant itself, under its own rights in the database, or the operator.
/// The route group says which, so that one handler serves both.
/// </summary>
internal sealed record SetBy(TenantId Tenant, bool IsOperators)
{
    private static readonly Failure Operators = new(StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, "The operator set it: it is yours to read only.");

    public static ValueTask<SetBy> BindAsync(HttpContext http) => new(new SetBy(
        CallerRights.TenantOf(http) ?? default, http.GetEndpoint()?.Metadata.GetMetadata<OfOperator>() is not null));

    /// <summary>Where its resources are.</summary>
    public string Path => IsOperators ? $"/api/v1/operator/tenants/{Tenant}" : $"/api/v1/tenants/{Tenant}";

    public Task<T> ReadAsync<T>(Database database, Func<ControlDb, CancellationToken, Task<T>> work, CancellationToken ct) =>
        IsOperators ? database.InPlatformAsync(work, ct) : database.InTenantAsync(Tenant, work, ct);

    public Task<Written<T>> WriteAsync<T>(
        ConfigWriter writer, WriteCall call, Func<ConfigWrite, CancellationToken, Task<Outcome<T>>> change, CancellationToken ct) =>
        IsOperators ? writer.InPlatformAsync(Tenant, call, change, ct) : writer.InTenantAsync(Tenant, call, change, ct);

    /// <summary>Why a thing that the caller sees may not be changed; null where it may.</summary>
    /// <param name="isOperators">Whether the operator set the thing.</param>
    public Failure? RefusalFor(bool isOperators) => isOperators && !IsOperators ? Operators : null;

    /// <summary>As answers name it; one of <see cref="LimitSetters"/>.</summary>
    public static string NameOf(bool isOperators) => isOperators ? LimitSetters.Operator : LimitSetters.Tenant;
}

/// <summary>Marks endpoints by which operators set what is a tenant's.</summary>
internal sealed class OfOperator
{
    private static readonly OfOperator Metadata = new();

    /// <summary>Below an operator's address of a tenant; 404 where there is no such tenant.</summary>
    public static RouteGroupBuilder Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/operator/tenants/{tenantId}").WithMetadata(Metadata).ProducesProblem(StatusCodes.Status404NotFound);
        group.AddEndpointFilter(async (context, next) =>
            CallerRights.Of(context.HttpContext).TenantExists ? await next(context) : Failure.NotFound("tenant").ToProblem());
        return group;
    }
}
