using System.Net.Sockets;
using System.Text;
using RegistryIndex.Server.Commands;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>If the file in an argument or setting is something else, a command neither waits for it nor reads it as a file.</summary>
public sealed class GivenFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Arguments { get; } =
    [
        "import - --refused {0} --database sqlite:///{1}/index.db",
        "migrate --from {0}#dev --to sqlite:///{1}/index.db",
        "verify --from sqlite:///{1}/index.db --to {0}#prod",
        "conformance --database sqlite:// --html {0}",
        "conformance --database sqlite:// --junit {0}",
        "conformance --database sqlite:// --json {0}",
        "serve --registry http://127.0.0.1:1 --set registry_username=a --set registry_password_file={0}",
        "serve --set htpasswd={0}",
        "serve --set events_secrets_file={0}",
        "serve --set registry_ca_file={0} --registry https://127.0.0.1:1",
        "serve --urls https://127.0.0.1:0 --set tls_certificate_file={0} --set tls_key_file={0}",
    ];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Arguments))]
    [InlineData("import {0} --database sqlite:///{1}/index.db")]
    [InlineData("search a --config {0}")]
    [InlineData("config -c {0}")]
    public async Task A_directory_is_not_a_file(string arguments)
    {
        Directory.CreateDirectory(PathOf("other"));
        await IsRefusedAsync(arguments, PathOf("other"), "it is a directory");
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public async Task A_pipe_is_refused_where_the_file_is_written_or_read_again(string arguments) =>
        await IsRefusedAsync(arguments, await MakePipeAsync("other"), "it is not a file but a FIFO or a device");

    [Theory]
    [InlineData("appsettings.json")]
    [InlineData("appsettings.Production.json")]
    public async Task Directories_and_pipes_are_refused_as_settings_of_the_working_directory(string file)
    {
        await MakePipeAsync(file);
        var result = await RegistryIndexProcess.RunInEnvironmentAsync(["-C", _directory.Path], "config");
        result.ExitCode.Should().Be(2, result.Stderr);
        result.Stderr.Should().Be($"registry-index: The file of settings '{PathOf(file)}' cannot be read: it is not a file but a FIFO or a device.\n");
    }

    [Theory]
    [InlineData("INT", "status", "--config", "{0}")]
    [InlineData("TERM", "config", "-c", "{0}")]
    [InlineData("INT", "serve", "--config", "{0}")]
    [InlineData("TERM", "migrate", "--from", "a", "--to", "b", "--config", "{0}")]
    public async Task Waiting_for_a_pipe_of_settings_without_a_writer_can_be_interrupted(string signal, params string[] arguments)
    {
        var pipe = await MakePipeAsync("pipe");
        await using var process = RegistryIndexProcess.Start([.. arguments.Select(argument => argument.Replace("{0}", pipe, StringComparison.Ordinal))]);
        await process.WaitUntilLoadedAsync("Microsoft.Extensions.Configuration.Json.dll");
        (await process.StopAsync(signal)).Should().Be(130, process.Log);
        process.Log.Should().Contain("registry-index: Interrupted; nothing ").And.NotContain("   at ");
    }

    [Fact]
    public async Task The_pipe_of_a_process_substitution_is_read()
    {
        var result = await ProcessRunner.RunAsync("bash",
        [
            "-c", """
                settings() { printf 'dev:\n  sqlalchemy_index_database: sqlite:///%s/index.db\n' "$1"; }
                dotnet "$0" import <(printf 'team/app\tThe app\n') --config <(settings "$1") 2> /dev/null && dotnet "$0" export -f tsv --config <(settings "$1") 2> /dev/null
                """,
            Path.Combine(AppContext.BaseDirectory, "registry-index.dll"), _directory.Path,
        ], TestContext.Current.CancellationToken);
        result.Should().Be(new ProcessResult(0, "team/app\tThe app\n", ""));
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task A_second_interruption_ends_the_program_at_once(string signal, int exitCode)
    {
        await using var server = await RegistryIndexProcess.ServeAsync("--database", "sqlite://");
        using var client = new TcpClient();
        var address = server.Address.Split(':');
        await client.ConnectAsync(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /events HTTP/1.1\r\nHost: {server.Address}\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n"), TestContext.Current.CancellationToken);
        (await client.GetStream().ReadAsync(new byte[100], TestContext.Current.CancellationToken)).Should().BePositive("the server waits for the body");
        await server.SignalAsync(signal);
        await Eventually.BeAsync(async () => !await IsListeningAsync(server)); // it has received the first signal
        (await server.StopAsync(signal)).Should().Be(exitCode, server.Log);
    }

    private static async Task<bool> IsListeningAsync(RegistryIndexProcess server)
    {
        using var client = new TcpClient();
        try
        {
            var address = server.Address.Split(':');
            await client.ConnectAsync(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task IsRefusedAsync(string arguments, string file, string problem)
    {
        var error = new StringWriter();
        string[] words = [.. arguments.Split(' ').Select(argument => argument.Replace("{0}", file, StringComparison.Ordinal).Replace("{1}", _directory.Path, StringComparison.Ordinal))];
        (await CommandLine.RunAsync(words, TestContext.Current.CancellationToken, error)).Should().Be(2, "it said {0}", error);
        error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().AllSatisfy(line => line.Should().StartWith("registry-index: ").And.Contain(problem).And.NotContain("ermission"));
        Directory.EnumerateFileSystemEntries(_directory.Path).Should().Equal(file);
    }

    private async Task<string> MakePipeAsync(string name)
    {
        (await ProcessRunner.RunAsync("mkfifo", [PathOf(name)], TestContext.Current.CancellationToken)).ExitCode.Should().Be(0);
        return PathOf(name);
    }

    private string PathOf(string name) => Path.Combine(_directory.Path, name);
}
