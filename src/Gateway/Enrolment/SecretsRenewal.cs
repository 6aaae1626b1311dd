using System.Security.Cryptography;

namespace Platform.Gateway.Enrolment;

/// <summary>
/// Fetches the agent's secrets anew: after a sealed secret named an unknown group key, or after the broker refused the
/// password. At most once in <see cref="Interval"/>, one call at a time.
/// </summary>
internal sealed class SecretsRenewal(
    Agent agent, IdentityFile file, ControlClient control, TimeProvider time, ILogger<SecretsRenewal> logger) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private long? _lastTimestamp;

    /// <summary>True when other secrets are in force than before the call.</summary>
    public async Task<bool> TryRenewAsync(CancellationToken token)
    {
        await _one.WaitAsync(token);
        try
        {
            if (agent.Current is not { } current || (_lastTimestamp is { } last && time.GetElapsedTime(last) < Interval))
                return false;
            _lastTimestamp = time.GetTimestamp();
            var changed = current.Renew(await control.GetSecretsAsync(token));
            file.Save(current.Identity);
            Log.SecretsRenewed(logger);
            return changed;
        }
        catch (Exception e) when (ControlClient.IsOutage(e) || e is CryptographicException)
        {
            Log.SecretsNotRenewed(logger, e);
            return false;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
