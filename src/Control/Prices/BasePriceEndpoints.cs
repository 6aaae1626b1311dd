using Microsoft.AspNetCore.Mvc;
using Platform.Contracts.Api;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;

namespace Platform.Control.Prices;

/// <summary>Base prices are the prices of the platform's tenant.</summary>
internal static class BasePriceEndpoints
{
    public static Task<Page<PriceAnswer>> ListAsync([AsParameters] PageQuery page, [FromQuery] string? model, Database database, CancellationToken ct) =>
        PriceEndpoints.ListAsync(TenantId.Platform, page, model, database, ct);

    public static Task<FoundAnswer<PriceAnswer>> GetAsync(Guid id, Database database, CancellationToken ct) =>
        PriceEndpoints.GetAsync(TenantId.Platform, id, database, ct);

    public static Task<WriteAnswer<PriceAnswer, Creates>> CreateAsync(PriceRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        PriceEndpoints.CreateAsync(TenantId.Platform, request, call, writer, ct);

    public static Task<WriteAnswer<PriceAnswer, Changes>> UpdateAsync(
        Guid id, UpdatePriceRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        PriceEndpoints.UpdateAsync(TenantId.Platform, id, request, call, writer, ct);

    public static Task<WriteAnswer<PriceAnswer, Deletes>> DeleteAsync(Guid id, WriteCall call, ConfigWriter writer, CancellationToken ct) =>
        PriceEndpoints.DeleteAsync(TenantId.Platform, id, call, writer, ct);
}
