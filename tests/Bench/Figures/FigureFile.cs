using System.Text.Json;

namespace Platform.Bench.Figures;

/// <summary><c>artifacts/bench/NAME.json</c>.</summary>
/// <param name="Commit">With <c>-dirty</c> where the tree differs from it.</param>
/// <param name="Machine">What the figures were measured on, in words.</param>
/// <param name="Seed">What the generated data came from.</param>
public sealed record FigureFile(string Commit, string Machine, int Seed, IReadOnlyList<Figure> Figures)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    public async Task SaveAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, ToJson());
    }
}
