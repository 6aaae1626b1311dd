using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Platform.Gateway.Forwarding;
using Platform.Hosting.Outbound;

namespace Platform.Gateway.Tests;

public sealed class GuardedHandlerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private IReadOnlyList<IPNetwork> _allowed = [IPNetwork.Parse("10.0.0.0/8")];

    [Fact]
    public async Task Another_list_begins_without_the_idle_connections_of_the_old_one()
    {
        var connections = new List<string>();
        await using var server = await LocalServer.StartAsync(context =>
        {
            connections.Add(context.Connection.Id);
            return Task.CompletedTask;
        });
        using var client = new HttpMessageInvoker(new GuardedHandler(() => _allowed, Create));

        await GetAsync(client, server.Url);
        await GetAsync(client, server.Url);
        _allowed = [];
        await GetAsync(client, server.Url);
        await GetAsync(client, server.Url);

        connections.Count.ShouldBe(4);
        (connections[0] == connections[1], connections[1] == connections[2], connections[2] == connections[3]).ShouldBe((true, false, true));
    }

    [Fact]
    public async Task Idle_connections_are_closed_when_the_list_changes_and_not_only_when_somebody_asks()
    {
        var closed = new TaskCompletionSource();
        await using var server = await LocalServer.StartAsync(context =>
        {
            context.Features.Get<IConnectionLifetimeFeature>()!.ConnectionClosed.Register(() => closed.TrySetResult());
            return Task.CompletedTask;
        });
        var handler = new GuardedHandler(() => _allowed, Create);
        using var client = new HttpMessageInvoker(handler);
        await GetAsync(client, server.Url);

        _allowed = [];
        handler.CloseOthers();

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(5), Token);
    }

    [Fact]
    public async Task A_request_that_runs_keeps_its_connection_while_the_list_changes()
    {
        var more = new TaskCompletionSource();
        await using var server = await LocalServer.StartAsync(async context =>
        {
            if (context.Request.Path == "/slow")
                await more.Task;
        });
        using var client = new HttpMessageInvoker(new GuardedHandler(() => _allowed, Create));
        var running = GetAsync(client, new(server.Url, "/slow"));

        _allowed = [];
        await GetAsync(client, server.Url);
        more.SetResult();

        await running;
    }

    [Fact]
    public async Task No_request_fails_because_the_list_changes()
    {
        await using var server = await LocalServer.StartAsync(_ => Task.CompletedTask);
        using var client = new HttpMessageInvoker(new GuardedHandler(() => _allowed, Create));
        var changing = Task.Run(
            async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    _allowed = [IPNetwork.Parse("10.0.0.0/8")];
                    await Task.Yield();
                }
            },
            Token);

        await Parallel.ForAsync(0, 200, Token, async (_, _) => await GetAsync(client, server.Url));

        await changing;
    }

    private static SocketsHttpHandler Create() => OutboundHttp.CreateHandler(allowPrivateNetworks: true, TimeSpan.FromSeconds(5));

    private static async Task GetAsync(HttpMessageInvoker client, Uri url)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await client.SendAsync(request, Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await response.Content.ReadAsByteArrayAsync(Token);
    }
}
