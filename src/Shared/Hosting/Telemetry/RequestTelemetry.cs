namespace Platform.Hosting.Telemetry;

/// <summary>Who measures a service's requests.</summary>
public enum RequestTelemetry
{
    /// <summary>ASP.NET Core and the HTTP client.</summary>
    Frameworks,

    /// <summary>
    /// The service's own instruments: the frameworks' cost more than the request. Connections are still counted, and spans
    /// still made where traces are exported.
    /// </summary>
    OwnAlone,
}
