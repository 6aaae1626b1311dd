using Platform.Contracts.Ids;

namespace Platform.Control.Agents;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Agent {Agent} enrolled in group {Group}")]
    public static partial void Enrolled(this ILogger logger, AgentId agent, AgentGroupName group);

    [LoggerMessage(2, LogLevel.Warning, "An enrolment was refused: its token or keys are not good")]
    public static partial void EnrolmentRefused(this ILogger logger);

    [LoggerMessage(3, LogLevel.Error, "The broker's management API did not make the user of agent {Agent}")]
    public static partial void BrokerRefused(this ILogger logger, Exception e, AgentId agent);

    [LoggerMessage(4, LogLevel.Warning, "What the failed enrolment of agent {Agent} made could not be deleted")]
    public static partial void UndoFailed(this ILogger logger, Exception e, AgentId agent);

    [LoggerMessage(5, LogLevel.Warning, "Agent {Agent} is revoked")]
    public static partial void Revoked(this ILogger logger, AgentId agent);

    [LoggerMessage(6, LogLevel.Error, "Broker user or client of the revoked agent {Agent} could not be deleted; it is tried again")]
    public static partial void CutOffFailed(this ILogger logger, Exception e, AgentId agent);

    [LoggerMessage(7, LogLevel.Warning, "Looking for unfinished revocations failed; it is tried again")]
    public static partial void SweepFailed(this ILogger logger, Exception e);

    [LoggerMessage(8, LogLevel.Warning, "Broker:ManagementUrl is not set: all agents share the broker user Broker:AgentUser")]
    public static partial void BrokerUserShared(this ILogger logger);

    [LoggerMessage(9, LogLevel.Warning, "A report was dropped: {Reason}, sender {Agent}")]
    public static partial void ReportDropped(this ILogger logger, string reason, AgentId? agent);
}
