namespace Platform.Gateway.Errors;

/// <summary>A value, or the error to answer with.</summary>
internal readonly record struct Result<T>(T? Value, ApiError? Error)
    where T : class
{
    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(ApiError error) => new(null, error);
}
