using Platform.Local.Demo;

namespace Platform.Local.Commands;

/// <summary><c>./platform chat TEXT</c>: one completion through the first agent, with the demo's key.</summary>
public static class ChatCommand
{
    public static Task RunAsync(Home home, string text) =>
        DemoChat.SayAsync(DemoFile.Load(home) ?? throw new LocalException("The platform is not up here: ./platform up"), text);
}
