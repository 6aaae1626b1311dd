namespace Platform.Migrations;

/// <summary>What is wrong and who must act, in one line for the operator.</summary>
internal sealed class MigrationException(string message, Exception? inner = null) : Exception(message, inner);
