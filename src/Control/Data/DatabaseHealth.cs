using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.Control.Data;

/// <summary>Ready means: the database answers, and its schema is there.</summary>
internal sealed class DatabaseHealth(Database database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var rows = await database.InPlatformAsync((db, ct) => db.ConfigHeads.CountAsync(ct), cancellationToken);
        return rows == 1 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The database is not set up; run the migrations.");
    }
}
