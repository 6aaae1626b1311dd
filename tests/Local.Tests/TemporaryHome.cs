namespace Platform.Local.Tests;

/// <summary>A home of its own below the temporary folder, gone afterwards.</summary>
internal sealed class TemporaryHome : IDisposable
{
    public TemporaryHome()
    {
        Home = new(Home.FindRepository(AppContext.BaseDirectory), Path.Combine(Path.GetTempPath(), "platform-" + Path.GetRandomFileName()));
        Home.Create();
    }

    public Home Home { get; }

    public void Dispose() => Directory.Delete(Home.Directory, recursive: true);
}
