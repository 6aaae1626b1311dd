using MudBlazor;

namespace Platform.Portal.Layout;

/// <summary>Colours and type. The fonts are the viewer's own: nothing is loaded from elsewhere.</summary>
internal static class PortalTheme
{
    public static readonly string[] Fonts =
        ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "Helvetica Neue", "Arial", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1d5fbf",
            Secondary = "#5b4bb7",
            Background = "#f5f6f8",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#1b2330",
            DrawerBackground = "#ffffff",
            DrawerText = "#334052",
            DrawerIcon = "#566377",
            TextPrimary = "#1b2330",
            TextSecondary = "#566377",
            LinesDefault = "#dfe3e9",
            TableLines = "#e6e9ee",
            Divider = "#dfe3e9",
            Success = "#1b7a43",
            Error = "#b3261e",
            Warning = "#8a5300",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#8ab4f8",
            PrimaryContrastText = "#0c1626",
            Secondary = "#b7a8ff",
            SecondaryContrastText = "#130c2e",
            Background = "#11151c",
            Surface = "#1a202a",
            AppbarBackground = "#1a202a",
            AppbarText = "#e7ebf1",
            DrawerBackground = "#1a202a",
            DrawerText = "#c6cedb",
            DrawerIcon = "#98a4b6",
            TextPrimary = "#e7ebf1",
            TextSecondary = "#a7b2c3",
            LinesDefault = "#2e3744",
            TableLines = "#2a323e",
            Divider = "#2e3744",
            Success = "#6fd39a",
            SuccessContrastText = "#06220f",
            Error = "#ff8f88",
            ErrorContrastText = "#2b0705",
            Warning = "#f2bd6b",
            WarningContrastText = "#2a1a02",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.9rem", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Fonts, TextTransform = "none", FontWeight = "600", LetterSpacing = "normal" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", DrawerWidthLeft = "232px", AppbarHeight = "56px" },
    };
}
