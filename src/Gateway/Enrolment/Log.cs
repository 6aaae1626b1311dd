using Platform.Contracts.Ids;

namespace Platform.Gateway.Enrolment;

internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "Agent {AgentId} of group {Group} starts with its stored identity")]
    public static partial void Loaded(ILogger logger, AgentId agentId, AgentGroupName group);

    [LoggerMessage(101, LogLevel.Information, "Enrolled as agent {AgentId} of group {Group}")]
    public static partial void Enrolled(ILogger logger, AgentId agentId, AgentGroupName group);

    [LoggerMessage(102, LogLevel.Error, "Control refused the enrolment with status {Status}")]
    public static partial void EnrolmentRefused(ILogger logger, int status);

    [LoggerMessage(103, LogLevel.Warning, "Enrolment failed; it is tried again")]
    public static partial void EnrolmentFailed(ILogger logger, Exception exception);

    [LoggerMessage(104, LogLevel.Information, "The agent's secrets were fetched anew")]
    public static partial void SecretsRenewed(ILogger logger);

    [LoggerMessage(105, LogLevel.Warning, "The agent's secrets could not be fetched anew")]
    public static partial void SecretsNotRenewed(ILogger logger, Exception exception);
}
