using Platform.Control.Api;

namespace Platform.Control.Tests;

internal static class TestCall
{
    /// <summary>A write by the test itself.</summary>
    public static WriteCall Make() => new(Actor.System("test"));
}
