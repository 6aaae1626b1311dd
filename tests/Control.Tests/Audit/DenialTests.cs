using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Contracts.Ids;
using Platform.Control.Access;
using Platform.Control.Data;

namespace Platform.Control.Tests.Audit;

/// <summary>Refused calls on their way to the trail: bounded, and as lasting as the database lets them be.</summary>
public sealed class DenialTests(Servers servers) : IAsyncLifetime
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private ServiceProvider? _services;

    public async ValueTask InitializeAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddMetrics();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(await servers.NewDatabaseAsync());
        services.AddSingleton<Database>().AddSingleton<AccessMeter>().AddSingleton<Denials>().AddSingleton<DenialWriter>();
        _services = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
            await _services.DisposeAsync();
    }

    [Fact]
    public void What_there_is_no_room_for_is_dropped_and_counted()
    {
        var dropped = 0L;
        using var listener = new MeterListener();
        var factory = Get<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Name == "platform.access.denials.dropped")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => dropped += count);
        listener.Start();
        var denials = Get<Denials>();

        for (var i = 0; i < Denials.Capacity + 25; i++)
        {
            Add(denials, $"principal {i}");
            Add(denials, $"principal {i}");
        }

        denials.Waiting.Count.ShouldBe(Denials.Capacity);
        dropped.ShouldBe(25);
    }

    [Fact]
    public async Task What_waits_while_the_database_is_away_is_written_when_it_is_back()
    {
        var writer = Get<DenialWriter>();
        await writer.StartAsync(Cancel);
        await servers.LetInAsync(Get<DatabaseSettings>(), false);
        Add(Get<Denials>(), "somebody");
        await Task.Delay(TimeSpan.FromMilliseconds(300), Cancel);

        await servers.LetInAsync(Get<DatabaseSettings>(), true);
        await writer.StopAsync(Cancel);
        await ((BackgroundService)writer).ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        var written = await Get<Database>().InPlatformAsync((db, ct) => db.AuditEvents.Where(e => e.Action == "access.denied").ToListAsync(ct), Cancel);
        var denial = written.ShouldHaveSingleItem();
        denial.ShouldSatisfyAllConditions(
            d => d.TenantId.ShouldBe(TenantId.Platform),
            d => d.Actor.ShouldBe("somebody"),
            d => d.Target.ShouldBe("GET /api/v1/tenants/{tenantId}/projects"));
    }

    private T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    private static void Add(Denials denials, string principal)
    {
        var http = new DefaultHttpContext { Request = { Method = "GET" } };
        http.Features.Set(new CallerRights { Subject = principal, Tenant = TenantId.Platform });
        http.SetEndpoint(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/api/v1/tenants/{tenantId}/projects"), 0, new(Rights.ProjectsRead), null));
        denials.Add(http);
    }
}
