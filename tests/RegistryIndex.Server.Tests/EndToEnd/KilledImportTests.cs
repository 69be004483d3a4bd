using System.Globalization;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.EndToEnd;

public sealed class KilledImportTests : IDisposable
{
    private const int Rows = 30_000;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_import_killed_repeatedly_is_complete_after_the_last_run()
    {
        var file = Path.Combine(_directory.Path, "rows.tsv");
        string[] rows = [.. Enumerable.Range(0, Rows).Select(i => $"team/app-{i:d5}\tbuild {i}")];
        await File.WriteAllLinesAsync(file, rows);
        string[] import = ["import", file, "--database", $"sqlite:///{_directory.Path}/index.db"];
        var random = new Random(11);
        for (var kills = 0; kills < 6; kills++)
        {
            // The process has read all of them, except for those in the pipe, and never reaches the end.
            await using var process = RegistryIndexProcess.StartWithInput(["import", "-", .. import[2..]]);
            foreach (var row in rows.Take(random.Next(5_000, Rows)))
                await process.Input.WriteLineAsync(row);
            await process.Input.FlushAsync(TestContext.Current.CancellationToken);
            await process.KillAsync();
        }

        (await RegistryIndexProcess.RunAsync(import)).ExitCode.Should().Be(0);
        var again = await RegistryIndexProcess.RunAsync(import);
        again.Stderr.Should().Contain(string.Create(CultureInfo.InvariantCulture, $"0 added, 0 updated, {Rows:n0} unchanged"));
        var search = await RegistryIndexProcess.RunAsync(["search", "build", "1234", "--json", .. import[2..]]);
        search.Stdout.Should().Contain("\"num_results\":13", "1234, 11234, 21234 and 12340 to 12349 are there, each once");
    }
}
