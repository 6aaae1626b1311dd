namespace Platform.Local;

/// <summary>Something that the person at the keyboard has to mend; printed as one line, without a stack.</summary>
public sealed class LocalException(string message) : Exception(message);
