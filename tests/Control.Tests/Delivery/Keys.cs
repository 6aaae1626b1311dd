using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Control.Data;
using Platform.Control.Delivery;

namespace Platform.Control.Tests.Delivery;

internal static class Keys
{
    /// <summary>Adds a tenant's keys, a full shard after the other, in one write.</summary>
    public static Task AddAsync(ControlApp control, TenantId tenant, int count) =>
        control.Services.GetRequiredService<ConfigWriter>().InTenantAsync<bool>(
            tenant,
            TestCall.Make(),
            (write, _) =>
            {
                var project = ProjectId.New();
                write.Db.Projects.Add(new() { TenantId = tenant, Id = project, Name = project.ToString(), CreatedAt = write.Now });
                for (var i = 0; i < count; i++)
                {
                    ApiKeyFormat.TryGetPrefix(ApiKeyFormat.Generate(), out var prefix);
                    write.Db.ApiKeys.Add(new()
                    {
                        TenantId = tenant,
                        Id = ApiKeyId.New(),
                        ProjectId = project,
                        Name = "key",
                        Prefix = prefix,
                        PepperId = "p",
                        Hash = RandomNumberGenerator.GetBytes(32),
                        Shard = i / KeyShardDocument.MaxKeys,
                        CreatedBy = "test",
                        CreatedAt = write.Now,
                    });
                    write.Affects(Affected.KeyShard(tenant, i / KeyShardDocument.MaxKeys));
                }
                return Task.FromResult<Outcome<bool>>(true);
            },
            TestContext.Current.CancellationToken);
}
