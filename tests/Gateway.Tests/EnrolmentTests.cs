using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Contracts.Configuration;
using Platform.Contracts.Ids;
using Platform.Gateway.Tests.World;

namespace Platform.Gateway.Tests;

public sealed class EnrolmentTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_process_waits_alive_and_not_ready_until_it_may_enrol()
    {
        await using var control = await new FakeControl { RefusesEnrolment = true }.StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument());
        await using var gateway = await GatewayHost.StartAsync(control.Url, control.Token);

        (await gateway.Http.GetAsync("/healthz", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await gateway.Http.GetAsync("/readyz", Token)).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Authorization = new("Bearer", ApiKeyFormat.Generate());
        (await Errors.CodeAsync(await gateway.Http.SendAsync(request, Token))).ShouldBe(("server_error", "not_ready"));

        control.RefusesEnrolment = false;
        await gateway.ReadyAsync();
    }

    [Fact]
    public async Task What_it_keeps_is_readable_by_its_owner_only_and_holds_no_secret_in_clear()
    {
        await using var control = await new FakeControl().StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument { Peppers = [control.PepperEntry()] });
        await using var gateway = await GatewayHost.StartAsync(control.Url, control.Token);
        await gateway.ReadyAsync();
        var data = Path.Combine(gateway.Directory, "data");

        File.GetUnixFileMode(data).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        // What ends with .new is being written, and takes the place of the file without it.
        foreach (var file in Directory.GetFiles(data).Where(f => !f.EndsWith(".new", StringComparison.Ordinal)))
        {
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
            if (Path.GetFileName(file) == "agent.lock")
                continue;
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, Token);
            var text = Encoding.Latin1.GetString(bytes);
            text.ShouldNotContain("secret-password");
            text.ShouldNotContain(Convert.ToBase64String(control.GroupKeys[0].Key));
            text.ShouldNotContain(Convert.ToBase64String(control.Pepper));
        }
    }

    [Fact]
    public async Task It_authenticates_with_a_signed_assertion_for_the_issuer()
    {
        await using var control = await new FakeControl().StartAsync();
        control.Put(ConfigKinds.Platform, ConfigKinds.Platform, TenantId.Platform, new PlatformDocument());
        await using var gateway = await GatewayHost.StartAsync(control.Url, control.Token);
        await gateway.ReadyAsync();

        var form = control.LastTokenRequest;
        form["grant_type"].ShouldBe("client_credentials");
        form["scope"].ShouldBe("platform.agent");
        form["client_assertion_type"].ShouldBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        var parts = form["client_assertion"].Split('.');
        using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0]));
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1]));
        header.RootElement.GetProperty("alg").GetString().ShouldBe("ES256");
        header.RootElement.GetProperty("typ").GetString().ShouldBe("client-authentication+jwt");
        claims.RootElement.GetProperty("iss").GetString().ShouldBe($"agent-{control.AgentId}");
        claims.RootElement.GetProperty("sub").GetString().ShouldBe($"agent-{control.AgentId}");
        claims.RootElement.GetProperty("aud").GetString().ShouldBe(control.Url.AbsoluteUri);
        (claims.RootElement.GetProperty("exp").GetInt64() - claims.RootElement.GetProperty("iat").GetInt64()).ShouldBe(60);
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(control.SigningKey, out _);
        key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256).ShouldBeTrue();
    }
}
