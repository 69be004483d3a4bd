using System.Globalization;
using System.Text;

namespace RegistryIndex.Benchmarks.DynamoDb;

/// <summary>The cost of a page of a common word for a number of repositories, and that of the predecessor's scan.</summary>
internal sealed record PagePoint(int Repositories, double Units, double ScanUnits);

/// <summary>Draws the read units of a page by the number of repositories. Both axes are logarithmic.</summary>
internal static class PagePlot
{
    private const int Left = 70, Right = 600, Top = 50, Bottom = 300;

    public static string Draw(IReadOnlyList<PagePoint> points)
    {
        var (least, most) = (points.Min(point => point.Repositories), points.Max(point => point.Repositories));
        var x = Scale(least, most, Left + 30, Right - 20);
        var y = Scale(1, Math.Pow(10, Math.Ceiling(Math.Log10(points.Max(point => Math.Max(point.Units, point.ScanUnits))))), Bottom, Top);
        var picture = new StringBuilder("""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 360" font-family="sans-serif" font-size="13" role="img" aria-labelledby="title">
            <title id="title">Read units of a page of 25 by the number of repositories: RegistryIndex and a scan of the table</title>
            <rect width="740" height="360" fill="#fff"/>
            <text x="70" y="28" font-size="15" fill="#222">DynamoDB read units of the first page of a common word</text>

            """);
        foreach (var power in Powers(1, points.Max(point => Math.Max(point.Units, point.ScanUnits)) * 10))
        {
            if (y(power) >= Top - 1)
                Add(picture, $"<line x1=\"{Left}\" y1=\"{y(power):0.#}\" x2=\"{Right}\" y2=\"{y(power):0.#}\" stroke=\"#ddd\"/><text x=\"{Left - 8}\" y=\"{y(power) + 4:0.#}\" text-anchor=\"end\" fill=\"#555\">{power:n0}</text>");
        }

        foreach (var count in points.Select(point => point.Repositories))
            Add(picture, $"<text x=\"{x(count):0.#}\" y=\"{Bottom + 20}\" text-anchor=\"middle\" fill=\"#555\">{count:n0}</text>");
        Add(picture, $"<text x=\"{(Left + Right) / 2}\" y=\"{Bottom + 44}\" text-anchor=\"middle\" fill=\"#555\">repositories</text>");
        AddLine(picture, "#b3541e", "predecessor's scan", [.. points.Select(point => (x(point.Repositories), y(point.ScanUnits), point.ScanUnits, point.ScanUnits >= point.Units))]);
        AddLine(picture, "#1f6feb", "RegistryIndex", [.. points.Select(point => (x(point.Repositories), y(point.Units), point.Units, point.Units > point.ScanUnits))]);
        return picture.Append("</svg>\n").ToString();
    }

    private static void AddLine(StringBuilder picture, string colour, string name, IReadOnlyList<(double X, double Y, double Units, bool IsUpper)> line)
    {
        Add(picture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.5\" points=\"{string.Join(' ', line.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")))}\"/>");
        foreach (var (x, y, units, isUpper) in line)
            Add(picture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"4\" fill=\"{colour}\"/><text x=\"{x:0.#}\" y=\"{(isUpper ? y - 10 : y + 20):0.#}\" text-anchor=\"middle\" fill=\"{colour}\">{units:#,0.#}</text>");
        Add(picture, $"<text x=\"{Right - 8}\" y=\"{line[^1].Y + 5:0.#}\" fill=\"{colour}\">{name}</text>");
    }

    private static void Add(StringBuilder picture, FormattableString line) => picture.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private static Func<double, double> Scale(double from, double to, double start, double end)
    {
        var span = from < to ? Math.Log10(to / from) : 1;
        return value => start + (Math.Log10(value / from) / span * (end - start));
    }

    private static IEnumerable<double> Powers(double from, double to)
    {
        for (var power = from; power <= to; power *= 10)
            yield return power;
    }
}
