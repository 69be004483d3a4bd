using RegistryIndex.Server.Output;
using Spectre.Console;

namespace RegistryIndex.Server.Terminal;

/// <summary>Writes repositories as a table for a person, or one line each for a pipe.</summary>
internal static class RepositoryTable
{
    private const int Gap = 2;

    public static void Write(IReadOnlyList<Repository> repositories)
    {
        if (!Console.IsOutputRedirected)
        {
            Write(repositories, AnsiConsole.Console);
            return;
        }

        foreach (var repository in repositories)
            Console.WriteLine($"{HarmlessText.Of(repository.Name)}\t{HarmlessText.Of(repository.Description ?? "")}");
    }

    /// <summary>
    /// Returns the width of the names: the space that no description needs, and at least half of the line. Longer names continue on the
    /// next line, so that none is cut.
    /// </summary>
    internal static void Write(IReadOnlyList<Repository> repositories, IAnsiConsole console)
    {
        var rows = repositories.Select(repository => (Name: HarmlessText.Of(repository.Name), Description: HarmlessText.Of(repository.Description ?? ""))).ToList();
        var available = Math.Max(console.Profile.Width - Gap, 2);
        var names = Math.Min(Widest("NAME", rows.Select(row => row.Name)), Math.Max(available / 2, available - Widest("DESCRIPTION", rows.Select(row => row.Description))));
        var descriptions = available - names;
        var grid = new Grid().AddColumn(Column(names, Gap)).AddColumn(Column(descriptions, 0)).AddRow(new Text("NAME"), new Text("DESCRIPTION"));
        foreach (var row in rows)
            grid.AddRow(new Text(row.Name), new Text(row.Description));
        console.Write(grid);
    }

    private static int Widest(string heading, IEnumerable<string> texts) => texts.Append(heading).Max(text => text.GetCellWidth());

    private static GridColumn Column(int width, int gap) => new() { Width = width, Padding = new(0, 0, gap, 0) };
}
