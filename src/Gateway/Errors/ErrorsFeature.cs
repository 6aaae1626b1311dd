namespace Platform.Gateway.Errors;

internal static class ErrorsFeature
{
    /// <summary>
    /// Gives every request its id and answers what no endpoint answered: surprises, broken requests and unknown URLs, all
    /// in the caller's error shape and without the text of any exception.
    /// </summary>
    public static void UseApiErrors(this WebApplication app)
    {
        var guard = ActivatorUtilities.CreateInstance<RequestGuard>(app.Services);
        app.Use(next => context => guard.HandleAsync(context, next));
    }
}
