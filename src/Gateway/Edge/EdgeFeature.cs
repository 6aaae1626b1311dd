using Platform.Hosting.Settings;

namespace Platform.Gateway.Edge;

internal static class EdgeFeature
{
    /// <summary>What callers may send and are told, whatever they ask for.</summary>
    public static void AddEdge(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<EdgeSettings>("Edge");
        builder.Services.AddSingleton<AnswerHeaders>().AddSingleton<Strangers>().AddSingleton<KeySlots>().AddSingleton<Admission>();
    }
}
