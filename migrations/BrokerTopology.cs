using Platform.Contracts.Ids;
using Platform.Contracts.Messages;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Migrations;

/// <summary>Declares what is durable on the broker. Senders declare none of it: a sender's own declaration could be a weaker one.</summary>
internal static class BrokerTopology
{
    /// <exception cref="MigrationException">The broker holds one of the names with other properties.</exception>
    public static async Task DeclareAsync(TopologySettings settings, CancellationToken ct)
    {
        var factory = new ConnectionFactory
        {
            HostName = settings.Host,
            Port = settings.Port,
            VirtualHost = settings.VirtualHost,
            UserName = settings.User,
            Password = settings.Password,
            RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
            ContinuationTimeout = TimeSpan.FromSeconds(10),
            AutomaticRecoveryEnabled = false,
            Ssl = new() { Enabled = settings.Tls, ServerName = settings.Host },
        };
        await using var connection = await factory.CreateConnectionAsync("platform-migrations", ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        try
        {
            foreach (var name in new[] { BusTopology.Usage, BusTopology.Agents })
            {
                await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, cancellationToken: ct);
                await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, QueueArguments, cancellationToken: ct);
                await channel.QueueBindAsync(name, name, routingKey: "", cancellationToken: ct);
            }
            await channel.ExchangeDeclareAsync(
                BusTopology.ConfigExchange(AgentGroupName.Default), ExchangeType.Direct, durable: true, cancellationToken: ct);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.PreconditionFailed)
        {
            throw new MigrationException(
                $"The broker holds a queue or exchange with other properties ({e.ShutdownReason.ReplyText}); drain and delete it, then run this again.", e);
        }
    }

    // A full queue refuses the publish; it never drops what was confirmed.
    private static Dictionary<string, object?> QueueArguments => new()
    {
        [Headers.XQueueType] = "quorum",
        [Headers.XMaxLengthInBytes] = BusTopology.QueueMaxBytes,
        ["x-overflow"] = "reject-publish",
        ["x-delivery-limit"] = BusTopology.QueueDeliveryLimit,
    };
}
