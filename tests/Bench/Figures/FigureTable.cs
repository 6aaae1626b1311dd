using System.Globalization;
using System.Text;

namespace Platform.Bench.Figures;

/// <summary>Figures as a table for people: one line for each, a miss in capitals.</summary>
public static class FigureTable
{
    public static string Format(IReadOnlyCollection<Figure> figures)
    {
        var width = figures.Max(f => f.Name.Length);
        var text = new StringBuilder();
        foreach (var figure in figures)
        {
            text.Append("  ").Append(figure.Name.PadRight(width)).Append(Number(figure.Value).PadLeft(12)).Append(' ').Append(figure.Unit.PadRight(8));
            if (figure.Target is { } target)
                text.Append(CultureInfo.InvariantCulture, $" below {Number(target),8}  {(figure.Holds == true ? "holds" : "MISSED")}");
            while (text[^1] == ' ')
                text.Length--;
            text.Append('\n');
        }
        return text.ToString();
    }

    private static string Number(double value) => value.ToString(value >= 1000 ? "0" : "0.##", CultureInfo.InvariantCulture);
}
