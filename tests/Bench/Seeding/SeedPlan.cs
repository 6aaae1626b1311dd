namespace Platform.Bench.Seeding;

/// <summary>
/// What is loaded. The first tenant is large (up to 5,000 keys, 200 projects, 200 models), the other keys are spread over
/// the others; every fifth tenant has a pool of its own, every third two models.
/// </summary>
public sealed class SeedPlan
{
    public const int LargeProjects = 200;
    public const int LargeModels = 200;
    public const int LargeEvents = 20_000;

    private const int MaxLargeKeys = 5_000;
    private static readonly string[] Words = ["Aurora", "Basalt", "Cobalt", "Dune", "Ember", "Fjord", "Garnet", "Harbor", "Indigo", "Juniper", "Krill", "Lumen", "Meadow", "Nimbus", "Onyx", "Prairie", "Quartz", "Ridge", "Saffron", "Tundra"];

    public SeedPlan(int tenants, int keys, int randomSeed)
    {
        (RandomSeed, Start) = (randomSeed, TimeProvider.System.GetUtcNow().AddYears(-1));
        var random = new Random(randomSeed);
        var large = Math.Min(MaxLargeKeys, keys / 2);
        var counts = new int[tenants];
        counts[0] = large;
        // Every tenant gets its share, some by luck of the draw twice or not at all.
        for (var i = large; i < keys; i++)
            counts[1 + (i % 2 == 0 ? i % (tenants - 1) : random.Next(tenants - 1))]++;
        Tenants = [.. counts.Select((count, i) => new SeedTenant(
            i, Guid.CreateVersion7(Start.AddMinutes(i)), $"{Words[random.Next(Words.Length)]} {Words[random.Next(Words.Length)]} {i:00000}", count))];
    }

    public int RandomSeed { get; }

    /// <summary>When the first tenant was made.</summary>
    public DateTimeOffset Start { get; }

    public IReadOnlyList<SeedTenant> Tenants { get; }

    public SeedTenant Large => Tenants[0];

    public string SlugOf(SeedTenant tenant) => $"bench-{RandomSeed}-{tenant.Index:000000}";
}

public sealed record SeedTenant(int Index, Guid Id, string Name, int Keys)
{
    /// <summary>The automation client is an admin of the first hundred.</summary>
    public bool IsOpen => Index < 100;

    public bool HasPool => Index % 5 == 0;

    public int Projects => Index == 0 ? SeedPlan.LargeProjects : 1 + (Index % 2);

    public int Models => Index == 0 ? SeedPlan.LargeModels : Index % 3 == 0 ? 2 : 0;
}
