using Spectre.Console;

namespace RegistryIndex.Server.Terminal;

/// <summary>Repositories for a person, or one line each for a pipe.</summary>
internal static class RepositoryTable
{
    public static void Write(IReadOnlyList<Repository> repositories)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var repository in repositories)
                Console.WriteLine($"{Harmless(repository.Name)}\t{Harmless(repository.Description ?? "")}");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumn(new TableColumn("NAME").NoWrap()).AddColumn("DESCRIPTION");
        foreach (var repository in repositories)
            table.AddRow(new Text(Harmless(repository.Name)), new Text(Harmless(repository.Description ?? "")));
        AnsiConsole.Write(table);
    }

    // A description comes from whoever pushed the image: it must not be able to drive the terminal.
    public static string Harmless(string text) =>
        string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
