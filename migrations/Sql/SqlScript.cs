namespace Platform.Migrations.Sql;

/// <summary>The SQL files beside it, embedded in the assembly.</summary>
internal static class SqlScript
{
    /// <param name="name">The file's name without its ending.</param>
    public static string Read(string name)
    {
        using var stream = typeof(SqlScript).Assembly.GetManifestResourceStream($"Platform.Migrations.Sql.{name}.sql")
            ?? throw new InvalidOperationException($"The script {name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
