using Platform.Local.Demo;
using Platform.Local.Processes;
using Platform.Local.Stack;

namespace Platform.Local.Commands;

/// <summary><c>./platform chat TEXT</c>: one completion through the first agent, with the demo's key.</summary>
public static class ChatCommand
{
    public static Task RunAsync(Home home, string text)
    {
        var demo = DemoFile.Load(home);
        if (demo is null || ServiceNames.Gateways.All(g => new ProcessTable(home).Find(g) is null))
            throw new LocalException("The platform is not up here: ./platform up");
        return DemoChat.SayAsync(demo, text);
    }
}
