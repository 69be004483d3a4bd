using Microsoft.Data.Sqlite;
using RegistryIndex.Server.Tests.Moving;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>
/// An interruption ends a long command in any wait, and the command prints what was done and how to continue. A command that ends
/// normally prints nothing about it.
/// </summary>
public sealed class InterruptionTests : MoveTest
{
    // The capacity of a pipe.
    private const int Full = 64 << 10;

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_import_that_waits_for_its_input_can_be_interrupted(string signal)
    {
        await using var process = RegistryIndexProcess.StartWithInput("import", "-", "--database", Sqlite());
        await process.Input.WriteLineAsync("team/web\tA shop");
        await process.Input.FlushAsync(Stop);
        await IsMadeAsync();
        await EndsAsync(process, signal, "the imported rows stay. The same command with the same input imports the rest.");
        (await RegistryIndexProcess.RunWithInputAsync("team/web\tA shop\n", "import", "-", "--database", Sqlite())).ExitCode.Should().Be(0);
        (await DoAsync("export", "-f", "tsv", "--database", Sqlite())).Stdout.Should().Be("team/web\tA shop\n");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_import_from_a_pipe_without_a_writer_can_be_interrupted(string signal)
    {
        var pipe = await MakePipeAsync();
        await using var process = RegistryIndexProcess.Start("import", pipe, "--database", Sqlite());
        await process.WaitUntilLoadedAsync("System.CommandLine.dll");
        await EndsAsync(process, signal, "the imported rows stay.");
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task An_export_to_a_reader_that_does_not_read_can_be_interrupted(string signal)
    {
        await ImportManyAsync();
        var pipe = await MakePipeAsync();
        await using var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite);
        await using var process = RegistryIndexProcess.StartInto(pipe, "export", "--database", Sqlite());
        await Eventually.BeAsync(async () => await process.CountWrittenAsync() >= Full);
        await EndsAsync(process, signal, "the output is incomplete. Run the same command again to write all of it.");
    }

    [Theory]
    [InlineData("export", "the output is incomplete. Run the same command again to write all of it.")]
    [InlineData("verify", "the comparison is incomplete, and nothing was changed. The same command starts it again.")]
    public async Task If_the_reader_of_the_output_exits_the_command_ends_with_its_exit_code(string command, string sentence)
    {
        await ImportManyAsync();
        await RegistryIndexProcess.RunWithInputAsync("", "import", "-", "--database", Sqlite("empty.db"));
        string[] arguments = command == "export" ? ["export", "--database", Sqlite()] : ["verify", "--from", Sqlite(), "--to", Sqlite("empty.db")];
        var pipe = await MakePipeAsync();
        RegistryIndexProcess process;
        await using (var reader = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite))
        {
            process = RegistryIndexProcess.StartInto(pipe, arguments);
            await Eventually.BeAsync(async () => await process.CountWrittenAsync() >= Full / 2); // the pipe holds fewer bytes if the lines are short
        }

        await using (process)
        {
            (await process.WaitForExitAsync()).Should().Be(141, process.Log);
            process.Log.Should().Contain($"registry-index: The reader of the output has gone away; {sentence}").And.NotContain("   at ");
        }
    }

    [Theory]
    [InlineData("import", "the imported rows stay.")]
    [InlineData("load", "the loaded repositories stay. The same command loads the rest.")]
    [InlineData("delete", "the deleted repositories are listed above.")]
    [InlineData("migrate", "nothing has been migrated.")]
    public async Task A_command_that_waits_for_the_lock_of_its_database_can_be_interrupted(string command, string sentence)
    {
        await ImportManyAsync();
        await RegistryIndexProcess.RunWithInputAsync("", "import", "-", "--database", Sqlite("to.db"));
        var rows = Path.Combine(Directory, "rows.tsv");
        await File.WriteAllTextAsync(rows, "team/web\tA shop\n", Stop);
        string[] arguments = command switch
        {
            "import" => ["import", rows, "--database", Sqlite("to.db")],
            "load" => ["load", "--storage-path", Checkout.PathOf("samples", "registry"), "--database", Sqlite("to.db")],
            "delete" => ["delete", "team/app-00000", "--database", Sqlite("to.db")],
            _ => ["migrate", "--from", Sqlite(), "--to", Sqlite("to.db")],
        };
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(Directory, "to.db")};Pooling=False");
        await connection.OpenAsync(Stop);
        await using var hold = connection.BeginTransaction(deferred: false);
        await using var process = RegistryIndexProcess.Start(arguments);
        await process.WaitUntilLoadedAsync("libe_sqlite3.so");
        await EndsAsync(process, "INT", sentence);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_re_sync_whose_registry_does_not_answer_can_be_interrupted(string signal)
    {
        var isAsked = new TaskCompletionSource();
        await using var registry = await LoggingHost.StartAsync("127.0.0.1");
        registry.Answer = async context =>
        {
            isAsked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        await using var process = RegistryIndexProcess.Start("sync", "--registry", registry.Url, "--database", Sqlite());
        await process.WaitForAsync(isAsked.Task);
        await EndsAsync(process, signal, "the changes so far stay. The same command does the rest.");
    }

    [Theory]
    [InlineData("migrate", "nothing has been migrated.")]
    [InlineData("import", "the imported rows stay.")]
    [InlineData("verify", "the comparison is incomplete, and nothing was changed.")]
    [InlineData("sweep", "what was removed cannot be restored. The same command removes the rest.")]
    public async Task A_command_whose_DynamoDB_does_not_answer_can_be_interrupted(string command, string sentence)
    {
        var prefix = NewPrefix();
        await using var proxy = await DynamoDbProxy.StartAsync(Endpoint);
        var there = $"dynamodb://{prefix}?region=us-east-1&endpoint={proxy.Endpoint}";
        await RegistryIndexProcess.RunWithInputAsync("team/web\tA shop\n", "import", "-", "--database", Sqlite());
        await DoAsync("migrate", "--from", Sqlite(), "--to", there);
        await RegistryIndexProcess.RunWithInputAsync("team/api\tAnother\n", "import", "-", "--database", Sqlite());
        var rows = Path.Combine(Directory, "rows.tsv");
        await File.WriteAllTextAsync(rows, "team/new\tA shop\n", Stop);
        string[] provider =
        [
            "--search-backend", "dynamodb", "--set", $"extensions:dynamodb_index:endpoint={proxy.Endpoint}", "--set", $"extensions:dynamodb_index:database={prefix}", .. Keys,
        ];
        string[] arguments = command switch
        {
            "migrate" => ["migrate", "--from", Sqlite(), "--to", there, .. Keys],
            "import" => ["import", rows, .. provider],
            "verify" => ["verify", "--from", Sqlite(), "--to", there, .. Keys],
            _ => ["sweep", .. provider],
        };
        var isHeld = command is "verify" or "sweep" ? proxy.HoldReadsAsync() : proxy.HoldAfterAsync(writes: 0);
        await using var process = RegistryIndexProcess.Start(arguments);
        await process.WaitForAsync(isHeld);
        await EndsAsync(process, "INT", sentence);
    }

    private static async Task EndsAsync(RegistryIndexProcess process, string signal, string sentence)
    {
        (await process.StopAsync(signal)).Should().Be(130, process.Log);
        process.Log.Should().Contain($"registry-index: Interrupted; {sentence}").And.NotContain("   at ").And.NotContain("This is a bug");
    }

    private Task IsMadeAsync() => Eventually.BeAsync(() => File.Exists(Path.Combine(Directory, "index.db")) && new FileInfo(Path.Combine(Directory, "index.db")).Length > 0);

    // Twice the capacity of a pipe.
    private async Task ImportManyAsync() => (await RegistryIndexProcess.RunWithInputAsync(
        string.Concat(Enumerable.Range(0, 2 * Full / 300).Select(i => $"team/app-{i:d5}\t{new string('x', 300)}\n")), "import", "-", "--database", Sqlite())).ExitCode.Should().Be(0);

    private async Task<string> MakePipeAsync()
    {
        var pipe = Path.Combine(Directory, "pipe");
        (await ProcessRunner.RunAsync("mkfifo", [pipe], Stop)).ExitCode.Should().Be(0);
        return pipe;
    }
}
