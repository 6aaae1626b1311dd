using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Contracts.Api;
using Platform.Portal.Session;

namespace Platform.Portal.ControlApi;

/// <summary>One call to Control as the user, with every way it can fail turned into a <see cref="ControlProblem"/>.</summary>
internal sealed class ControlCalls(HttpClient http, AccessTokens tokens, ILogger<ControlCalls> logger)
{
    /// <summary>How long a call may take; an export may take this long until its first byte.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    public Task<ControlAnswer<T>> GetAsync<T>(ControlAddress address, CancellationToken cancel)
        where T : class => SendAsync<T>(HttpMethod.Get, address, null, cancel);

    public Task<ControlAnswer<T>> PostAsync<T>(ControlAddress address, object? body, CancellationToken cancel)
        where T : class => SendAsync<T>(HttpMethod.Post, address, body, cancel);

    /// <summary>The answer with its body unread; the caller disposes it.</summary>
    public Task<ControlAnswer<HttpResponseMessage>> OpenAsync(ControlAddress address, CancellationToken cancel) =>
        AskAsync(HttpMethod.Get, address, null, HttpCompletionOption.ResponseHeadersRead, (response, _) => Task.FromResult(response), cancel);

    private Task<ControlAnswer<T>> SendAsync<T>(HttpMethod method, ControlAddress address, object? body, CancellationToken cancel)
        where T : class => AskAsync(method, address, body, HttpCompletionOption.ResponseContentRead, ReadAsync<T>, cancel);

    private async Task<ControlAnswer<T>> AskAsync<T>(
        HttpMethod method, ControlAddress address, object? body, HttpCompletionOption completion,
        Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancel)
        where T : class
    {
        var token = await tokens.GetAsync(address.Tenant, cancel);
        if (token.Tokens is null)
            return ProblemOf(token.State);
        using var request = new HttpRequestMessage(method, address.Path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Tokens.AccessToken);
        request.Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: JsonSerializerOptions.Web);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(Deadline);
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, completion, deadline.Token);
            if (!response.IsSuccessStatusCode)
                return await ProblemOfAsync(response, deadline.Token);
            var value = await read(response, deadline.Token);
            if (ReferenceEquals(value, response))
                response = null;
            return value;
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            Log.CallFailed(logger, method.Method, PortalProblemCodes.ControlTimedOut, e);
            return new ControlProblem(PortalProblemCodes.ControlTimedOut, "The control plane did not answer in time.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            Log.CallFailed(logger, method.Method, PortalProblemCodes.ControlUnreachable, e);
            return new ControlProblem(PortalProblemCodes.ControlUnreachable, "The control plane cannot be reached.");
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or FormatException)
        {
            Log.CallFailed(logger, method.Method, PortalProblemCodes.AnswerUnreadable, e);
            return new ControlProblem(PortalProblemCodes.AnswerUnreadable, "The control plane's answer could not be read.");
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancel) =>
        await response.Content.ReadFromJsonAsync<T>(cancel) ?? throw new JsonException("The answer is null.");

    private static async Task<ControlProblem> ProblemOfAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        ProblemDocument? document = null;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json")
            document = await response.Content.ReadFromJsonAsync<ProblemDocument>(cancel);
        var code = document?.Code ?? response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => ProblemCodes.Unauthenticated,
            HttpStatusCode.Forbidden => ProblemCodes.Forbidden,
            HttpStatusCode.NotFound => ProblemCodes.NotFound,
            _ => ProblemCodes.InternalError,
        };
        var title = code switch
        {
            ProblemCodes.Unauthenticated => "The control plane does not accept your session.",
            ProblemCodes.Forbidden => "You may not do this.",
            _ => document?.Title ?? $"The control plane answered with status {(int)response.StatusCode}.",
        };
        return new(code, title, document?.Detail, document?.Errors);
    }

    private static ControlProblem ProblemOf(TokenState state) => state switch
    {
        TokenState.Unknown => new(PortalProblemCodes.SessionUnknown, "Your session is being restored."),
        TokenState.AuthorityUnreachable => new(PortalProblemCodes.AuthorityUnreachable, "The sign-in service does not answer, and your session needs it to go on."),
        TokenState.Refused => new(ProblemCodes.Forbidden, "You may not enter this tenant."),
        _ => new(PortalProblemCodes.SessionEnded, "Your session has ended."),
    };
}
