using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Platform.Control.Identity.Sessions;

namespace Platform.Control.Tests.Identity;

/// <summary>A request that was let in and then takes its time is not acted on when its caller has gone meanwhile.</summary>
public sealed partial class SlowBodyTests(ControlApp control) : IClassFixture<ControlApp>
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_form_that_comes_after_its_session_has_ended_changes_nothing()
    {
        var email = await control.UserAsync();
        using var browser = new Browser(control);
        await browser.SignedInAsync(email, ControlApp.Password);
        var token = WebUtility.HtmlDecode(Token().Match(await browser.ReadAsync("/identity/account/password")).Groups["value"].Value);
        using var slow = new SlowContent($"__RequestVerificationToken={Uri.EscapeDataString(token)}&current={Uri.EscapeDataString(ControlApp.Password)}&", "password=another+good+password+1");
        using var http = new HttpClient(new HttpClientHandler { CookieContainer = browser.Cookies, AllowAutoRedirect = false }) { BaseAddress = control.Url };

        var answer = http.PostAsync("/identity/account/password", slow, Cancel);
        await slow.HalfSent.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        var user = await control.FindAsync(email);
        await using (var scope = control.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<UserSessions>().EndAllAsync(user.Id, null, Cancel);
        slow.SendRest();
        using var late = await answer;

        late.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        late.Headers.Location!.ToString().ShouldContain("/identity/sign-in");
        (await control.FindAsync(email)).PasswordHash.ShouldBe(user.PasswordHash);
    }

    [Fact]
    public async Task A_body_that_takes_longer_than_ten_seconds_is_not_waited_for()
    {
        var (tenant, admin) = await control.TenantAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(control.Url.Host, control.Url.Port, Cancel);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /api/v1/tenants/{tenant}/projects HTTP/1.1\r\nHost: {control.Url.Authority}\r\nAuthorization: {admin.DefaultRequestHeaders.Authorization}\r\n"
                + "Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"name\":"),
            Cancel);
        using var reader = new StreamReader(stream);

        (await reader.ReadLineAsync(Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(60), Cancel)).ShouldBe("HTTP/1.1 408 Request Timeout");
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="(?<value>[^"]*)""")]
    private static partial Regex Token();

    /// <summary>Sends its first half, and the second when it is told to.</summary>
    private sealed class SlowContent : HttpContent
    {
        private readonly (byte[] First, byte[] Second) _halves;
        private readonly TaskCompletionSource _halfSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _sendRest = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowContent(string first, string rest)
        {
            _halves = (Encoding.UTF8.GetBytes(first), Encoding.UTF8.GetBytes(rest));
            Headers.ContentType = new("application/x-www-form-urlencoded");
        }

        public Task HalfSent => _halfSent.Task;

        public void SendRest() => _sendRest.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_halves.First);
            await stream.FlushAsync();
            _halfSent.TrySetResult();
            await _sendRest.Task;
            await stream.WriteAsync(_halves.Second);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _halves.First.Length + _halves.Second.Length;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            _sendRest.TrySetResult();
            base.Dispose(disposing);
        }
    }
}
