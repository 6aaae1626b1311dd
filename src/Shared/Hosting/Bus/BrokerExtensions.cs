using MassTransit;
using Platform.Contracts.Enrolment;
using Platform.Contracts.Json;

namespace Platform.Hosting.Bus;

public static class BrokerExtensions
{
    /// <summary>Points MassTransit at a broker, with the platform's JSON on the wire and publisher confirms.</summary>
    public static void UseBroker(this IRabbitMqBusFactoryConfigurator bus, BrokerAccess broker, string connectionName)
    {
        bus.Host(broker.Host, (ushort)broker.Port, broker.VirtualHost, connectionName, host =>
        {
            host.Username(broker.User);
            host.Password(broker.Password);
            host.PublisherConfirmation = true;
            host.Heartbeat(TimeSpan.FromSeconds(10));
            host.RequestedConnectionTimeout(TimeSpan.FromSeconds(5));
            if (broker.Tls)
                host.UseSsl(ssl => ssl.ServerName = broker.Host);
        });
        bus.ConfigureJsonSerializerOptions(options =>
        {
            options.TypeInfoResolverChain.Insert(0, WireJson.Default);
            return options;
        });
    }
}
