using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL;
using Platform.Contracts.Ids;

namespace Platform.Control.Data;

/// <summary>
/// The unit of work: an explicit READ COMMITTED transaction in the retrying execution strategy, with the tenant set for
/// row-level security. The delegate may run again after a transient fault, each time with a clean context; it must not
/// touch anything outside the database. A failed <see cref="Outcome{T}"/> rolls back. The <c>Stream</c> forms run once,
/// for delegates that write an answer as they read.
/// </summary>
internal sealed class Database(DatabaseSettings settings) : IAsyncDisposable
{
    private const int Retries = 3;

    private readonly Role _tenant = new(settings.Tenant, "control-tenant");
    private readonly Role _platform = new(settings.Platform, "control-platform");
    private readonly Role _ingest = new(settings.Ingest, "control-ingest");

    /// <summary>Connections as <c>control_platform</c>, for the identity tables.</summary>
    public NpgsqlDataSource PlatformSource => _platform.Source;

    /// <summary>Rows of one tenant, as <c>control_tenant</c>.</summary>
    public Task<T> InTenantAsync<T>(TenantId tenant, Func<ControlDb, CancellationToken, Task<T>> work, CancellationToken ct) =>
        RunAsync(_tenant, new Scope(Tenant: tenant), work, Retries, ct);

    /// <inheritdoc cref="InTenantAsync{T}"/>
    public Task StreamInTenantAsync(TenantId tenant, Func<ControlDb, CancellationToken, Task> work, CancellationToken ct) =>
        RunAsync(_tenant, new Scope(Tenant: tenant), Once(work), 0, ct);

    /// <summary>
    /// What a principal may know of itself: its operator role, its memberships and their tenants; with
    /// <paramref name="tenant"/>, that tenant's rows too, so that the principal's rights in it can be decided.
    /// </summary>
    public Task<T> AsUserAsync<T>(string principal, TenantId? tenant, Func<ControlDb, CancellationToken, Task<T>> work, CancellationToken ct) =>
        RunAsync(_tenant, new Scope(tenant, principal), work, Retries, ct);

    /// <summary>Every tenant's rows, as <c>control_platform</c>: operators and jobs.</summary>
    public Task<T> InPlatformAsync<T>(Func<ControlDb, CancellationToken, Task<T>> work, CancellationToken ct) =>
        RunAsync(_platform, new Scope(), work, Retries, ct);

    /// <inheritdoc cref="InPlatformAsync{T}"/>
    public Task StreamInPlatformAsync(Func<ControlDb, CancellationToken, Task> work, CancellationToken ct) =>
        RunAsync(_platform, new Scope(), Once(work), 0, ct);

    /// <summary>The ledger, as <c>ingest</c>.</summary>
    public Task<T> InIngestAsync<T>(Func<ControlDb, CancellationToken, Task<T>> work, CancellationToken ct) =>
        RunAsync(_ingest, new Scope(), work, Retries, ct);

    /// <summary>
    /// A connection of its own as <c>control_platform</c>, for LISTEN and session locks; the caller disposes it. It is no
    /// pool's: one that goes back to a pool keeps its locks until somebody else uses it.
    /// </summary>
    public async Task<NpgsqlConnection> OpenPlatformSessionAsync(CancellationToken ct)
    {
        var connection = new NpgsqlConnection(DatabaseOptions.Session(settings.Platform, "control-session"));
        try
        {
            await connection.OpenAsync(ct);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _tenant.Source.DisposeAsync();
        await _platform.Source.DisposeAsync();
        await _ingest.Source.DisposeAsync();
    }

    private static async Task<T> RunAsync<T>(Role role, Scope scope, Func<ControlDb, CancellationToken, Task<T>> work, int retries, CancellationToken ct)
    {
        await using var outer = new ControlDb(role.Options);
        var strategy = new Strategy(outer, retries);
        return await strategy.ExecuteAsync(token => AttemptAsync(role, scope, work, token), ct);
    }

    private static async Task<T> AttemptAsync<T>(Role role, Scope scope, Func<ControlDb, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        await using var db = new ControlDb(role.Options);
        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, ct);
        db.InUnitOfWork = true;
        if (scope.Tenant is { } tenant)
            await db.Database.ExecuteSqlAsync($"SELECT set_config('app.tenant_id', {tenant.ToString()}, true)", ct);
        if (scope.User is { } user)
            await db.Database.ExecuteSqlAsync($"SELECT set_config('app.user_id', {user}, true)", ct);
        var result = await work(db, ct);
        if (result is IOutcome { RollsBack: true })
            return result;
        try
        {
            await transaction.CommitAsync(ct);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            throw new CommitUnknownException(e);
        }
        return result;
    }

    private static Func<ControlDb, CancellationToken, Task<bool>> Once(Func<ControlDb, CancellationToken, Task> work) =>
        async (db, ct) =>
        {
            await work(db, ct);
            return true;
        };

    private sealed record Scope(TenantId? Tenant = null, string? User = null);

    private sealed class Role(string connectionString, string applicationName)
    {
        public NpgsqlDataSource Source { get; } = DatabaseOptions.Open(connectionString, applicationName);

        public DbContextOptions<ControlDb> Options => field ??= Build(Source);

        private static DbContextOptions<ControlDb> Build(NpgsqlDataSource source)
        {
            var builder = new DbContextOptionsBuilder<ControlDb>();
            builder.UseControlDb(source);
            return builder.Options;
        }
    }

    private sealed class Strategy(ControlDb db, int retries) : NpgsqlRetryingExecutionStrategy(db, retries)
    {
        protected override bool ShouldRetryOn(Exception? exception) => MaxRetryCount > 0 && base.ShouldRetryOn(exception);
    }
}

/// <summary>
/// The connection broke while the transaction was committed: it may have been stored or not. It is not tried again,
/// because a second run could find its own traces.
/// </summary>
internal sealed class CommitUnknownException(Exception inner) : Exception("The database went away during a commit.", inner);
