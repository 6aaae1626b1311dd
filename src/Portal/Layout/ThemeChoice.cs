namespace Platform.Portal.Layout;

public enum ThemeChoice
{
    /// <summary>As the viewer's system has it, also when it changes.</summary>
    System,
    Light,
    Dark,
}
