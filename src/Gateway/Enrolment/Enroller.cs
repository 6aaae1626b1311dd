using System.Net;
using System.Reflection;
using System.Security.Cryptography;

namespace Platform.Gateway.Enrolment;

/// <summary>
/// Enrols an agent that has no identity. While Control is away, or the token is refused, the process stays alive, not
/// ready, and tries again with the token file as it is then.
/// </summary>
internal sealed class Enroller(
    Agent agent, AgentSettings settings, IdentityFile file, ControlClient control, TimeProvider time, ILogger<Enroller> logger)
    : BackgroundService
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastDelay = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var delay = FirstDelay;
        while (agent.Current is null)
        {
            try
            {
                await EnrolAsync(stoppingToken);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailure(e);
            }
            await Task.Delay(delay, time, stoppingToken);
            delay = delay * 2 < LastDelay ? delay * 2 : LastDelay;
        }
    }

    private async Task EnrolAsync(CancellationToken token)
    {
        if (settings.EnrolmentTokenFile is not { } path)
            throw new InvalidOperationException("Agent:EnrolmentTokenFile is not set and the agent is not enrolled.");
        var oneTime = (await File.ReadAllTextAsync(path, token)).Trim();
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var encryption = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        var answer = await control.EnrolAsync(
            new()
            {
                Token = oneTime,
                Name = settings.Name,
                HostKind = settings.HostKind ?? HostRecognition.Recognise(settings.SysfsRoot),
                Version = typeof(Enroller).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
                SigningKey = Convert.ToBase64String(signing.ExportSubjectPublicKeyInfo()),
                EncryptionKey = Convert.ToBase64String(encryption.ExportSubjectPublicKeyInfo()),
            },
            token);
        var identity = new AgentIdentity(
            answer.AgentId, answer.Group, answer.ClientId, answer.Issuer, answer.TokenEndpoint,
            signing.ExportPkcs8PrivateKey(), encryption.ExportPkcs8PrivateKey(), answer.Secrets);
        file.Save(identity);
        agent.Enrol(new(identity));
        Log.Enrolled(logger, identity.AgentId, identity.Group);
    }

    private void LogFailure(Exception exception)
    {
        if (exception is HttpRequestException { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError } refused)
            Log.EnrolmentRefused(logger, (int)refused.StatusCode!);
        else
            Log.EnrolmentFailed(logger, exception);
    }
}
