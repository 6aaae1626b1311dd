using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Contracts.Ids;
using Platform.Control.Data;

namespace Platform.Control.Tests.Data;

/// <summary>Puts a row of a tenant into every table, by hand where rows refer to each other, else by the types of the columns.</summary>
internal static class Filler
{
    public static async Task<bool> FillAsync(ControlDb db, TenantId tenant, CancellationToken ct)
    {
        var now = DateTimeOffset.UtcNow;
        var (project, pool, model) = (ProjectId.New(), PoolId.New(), ModelId.New());
        db.Projects.Add(new() { TenantId = tenant, Id = project, Name = "filled", CreatedAt = now });
        db.Pools.Add(new() { TenantId = tenant, Id = pool, Name = "filled", Engine = "vllm", GroupName = AgentGroupName.Default, CreatedAt = now });
        db.Models.Add(new() { TenantId = tenant, Id = model, Name = ModelName.Parse("filled"), CreatedAt = now });
        await db.SaveChangesAsync(ct);
        db.Endpoints.Add(new() { TenantId = tenant, PoolId = pool, Id = EndpointId.New(), Url = "https://models.example.com", CreatedAt = now });
        db.ProviderKeys.Add(new() { TenantId = tenant, PoolId = pool, Sealed = [1], Hint = "", CreatedAt = now });
        db.ClientCertificates.Add(new() { TenantId = tenant, PoolId = pool, Sealed = [1], Subject = "CN=filled", Thumbprint = "00", ExpiresAt = now, CreatedAt = now });
        db.ModelTargets.Add(new() { TenantId = tenant, ModelId = model, Ordinal = 0, PoolTenantId = tenant, PoolId = pool, UpstreamModel = "m", Weight = 1 });
        db.ModelOffers.Add(new() { TenantId = tenant, ModelId = model, OfferedTo = tenant });
        db.ApiKeys.Add(new()
        {
            TenantId = tenant,
            Id = ApiKeyId.New(),
            ProjectId = project,
            Name = "filled",
            Prefix = ApiKeyPrefix.Parse(ApiKeyFormat.Generate()[..ApiKeyFormat.PrefixLength]),
            PepperId = "p",
            Hash = new byte[32],
            CreatedBy = "test",
            CreatedAt = now,
        });
        foreach (var type in db.Model.GetEntityTypes().Select(e => e.ClrType).Where(t => t.GetProperty("TenantId") is not null && !UnfilteredTests.IsLedgers(t)))
        {
            if (!await AnyAsync(db, type, tenant, ct) && !db.ChangeTracker.Entries().Any(e => e.Entity.GetType() == type))
                db.Add(Some(type, tenant));
        }
        await db.SaveChangesAsync(ct);
        return true;
    }

    private static Task<bool> AnyAsync(ControlDb db, Type type, TenantId tenant, CancellationToken ct) =>
        (Task<bool>)typeof(Filler).GetMethod(nameof(OfAsync), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, [db, tenant, ct])!;

    private static Task<bool> OfAsync<T>(ControlDb db, TenantId tenant, CancellationToken ct)
        where T : class =>
        db.Set<T>().AnyAsync(r => EF.Property<TenantId>(r, "TenantId") == tenant, ct);

    private static object Some(Type type, TenantId tenant)
    {
        var row = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(p => p.CanWrite))
            property.SetValue(row, property.Name == "TenantId" ? tenant : ValueOf(property.PropertyType));
        return row;
    }

    private static object? ValueOf(Type type) =>
        type == typeof(string) ? Guid.NewGuid().ToString("N")[..20]
        : type == typeof(byte[]) ? new byte[32]
        : type == typeof(string[]) || type == typeof(int[]) ? Array.CreateInstance(type.GetElementType()!, 0)
        : type == typeof(JsonElement) ? JsonElement.Parse("{}")
        : type == typeof(DateTimeOffset) ? DateTimeOffset.UtcNow
        : type == typeof(AgentGroupName) ? AgentGroupName.Default
        : type == typeof(Guid) ? Guid.NewGuid()
        : type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IId<>)) ? Activator.CreateInstance(type, Guid.NewGuid())
        : type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type)
        : null;
}
