using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Api;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Api;
using Platform.Control.Data;
using Platform.Control.Data.Entities;
using Platform.Control.Delivery;
using Platform.Control.Tenants;

namespace Platform.Control.Operators;

/// <summary>What holds for the whole platform: how tenants sign up, and which networks their endpoints may be in.</summary>
internal static class SettingsEndpoints
{
    public static async Task<FoundAnswer<PlatformSettingsAnswer>> GetAsync(Database database, CancellationToken ct) =>
        new(Answer(await database.InPlatformAsync((db, token) => db.PlatformSettings.AsNoTracking().SingleAsync(token), ct)), "setting");

    public static async Task<WriteAnswer<PlatformSettingsAnswer, Changes>> ReplaceAsync(
        PlatformSettingsRequest request, WriteCall call, ConfigWriter writer, CancellationToken ct)
    {
        var written = await writer.InPlatformAsync<PlatformSettingsAnswer>(
            TenantId.Platform,
            call,
            async (write, token) =>
            {
                var row = await write.Db.PlatformSettings.SingleAsync(token);
                if (write.IsStale(row.Version, out var stale))
                    return stale;
                var group = AgentGroupName.Parse(request.SignUpGroup);
                if (await TenantRows.GroupFaultAsync(write.Db, group, token, "signUpGroup") is { } fault)
                    return fault;
                var before = Answer(row);
                row.SignUpMode = request.SignUpMode;
                row.SignUpGroup = group;
                row.SignUpLimits = request.SignUpLimits is { } limits ? JsonSerializer.SerializeToElement(limits, JsonSerializerOptions.Web) : null;
                row.AllowedNetworks = [.. request.AllowedNetworks];
                row.Version++;
                if (!before.AllowedNetworks.SequenceEqual(row.AllowedNetworks))
                    write.Affects(Affected.Platform);
                var after = Answer(row);
                write.Audit("settings.update", "platform", before, after);
                return after;
            },
            ct);
        return written.ToChanged();
    }

    private static PlatformSettingsAnswer Answer(PlatformSettingsRow row) => new(
        row.SignUpMode, row.SignUpGroup, row.SignUpLimits?.Deserialize<QuotaSpec>(JsonSerializerOptions.Web), row.AllowedNetworks, row.Version);
}
