using RegistryIndex.Server.Output;
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
                Console.WriteLine($"{HarmlessText.Of(repository.Name)}\t{HarmlessText.Of(repository.Description ?? "")}");
            return;
        }

        var table = new Table().Border(TableBorder.None).AddColumn(new TableColumn("NAME").NoWrap()).AddColumn("DESCRIPTION");
        foreach (var repository in repositories)
            table.AddRow(new Text(HarmlessText.Of(repository.Name)), new Text(HarmlessText.Of(repository.Description ?? "")));
        AnsiConsole.Write(table);
    }
}
