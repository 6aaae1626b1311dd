using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Platform.Control.Identity.Clients;

/// <summary>
/// Programs that sign in by client credentials, for the audit trail: of each at most a row a minute for those that got a
/// token and one for those that did not. Agents, which sign their requests (RFC 7523), sign in all the time and are not in it.
/// </summary>
internal sealed class ClientSignIns(IOpenIddictApplicationManager clients, SecurityEvents events) : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ApplyTokenResponseContext>()
        .UseScopedHandler<ClientSignIns>()
        .SetOrder(int.MinValue + 1000)
        .Build();

    public Task SucceedAsync(OpenIddictRequest request, CancellationToken ct) => RecordAsync(request, SecurityEvent.ClientSignedIn, null, ct);

    /// <summary>Whatever was refused: the secret, a client that there is not, a scope.</summary>
    public async ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        if (context.Error is { } error && context.Request is { } request && request.IsClientCredentialsGrantType())
            await RecordAsync(request, SecurityEvent.ClientRefused, error, context.CancellationToken);
    }

    private async Task RecordAsync(OpenIddictRequest request, SecurityEvent what, string? about, CancellationToken ct)
    {
        if (request.ClientAssertion is not null)
            return;
        var client = request.ClientId is { Length: > 0 } id ? await clients.FindByClientIdAsync(id, ct) : null;
        Guid? row = client is null ? null : Guid.Parse((await clients.GetIdAsync(client, ct))!);
        await events.RecordAsync(what, row, about);
    }
}
