using System.Runtime.Versioning;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary>What <c>run.sh</c> builds and serves, with which settings. The program reads the settings, but does not start as a server.</summary>
[SupportedOSPlatform("linux")]
public sealed class RunScriptTests : IDisposable
{
    private static readonly string? TruePath = Environment.GetEnvironmentVariable("PATH");
    private readonly TemporaryDirectory _home = new();

    public RunScriptTests()
    {
        // Replaces the SDK: it builds nothing, and prints how the server would be started. Everything else is real.
        Directory.CreateDirectory(PathOf("bin"));
        Directory.CreateDirectory(PathOf("else where"));
        File.WriteAllText(PathOf("bin/dotnet"), $"""
            #!/bin/sh
            case "$1" in
            --version) [ -z "$NO_SDK" ] || exit 145 ;;
            build) echo "builds in $PWD" >&2 ;;
            *)
                shift
                PATH=$TRUE_PATH
                [ "$1" = serve ] || exec dotnet '{Path.Combine(AppContext.BaseDirectory, "registry-index.dll")}' "$@"
                echo "storage: $REGISTRYINDEX__STORAGE_PATH"
                echo "database: $REGISTRYINDEX__SQLALCHEMY_INDEX_DATABASE"
                [ ! -p "$3" ] || cat "$3"
                printf '<%s>' "$@"
                ;;
            esac

            """);
        File.SetUnixFileMode(PathOf("bin/dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(PathOf("none.yml"), "dev:\n  loglevel: info\n");
        File.WriteAllText(PathOf("registry.yml"), "dev:\n  registry: http://127.0.0.1:5000\n");
        File.WriteAllText(PathOf("else where/appsettings.json"), """{ "registry": "http://127.0.0.1:5000" }""");
    }

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--urls", "http://127.0.0.1:5090")]
    [InlineData("--urls=http://127.0.0.1:5090")]
    [InlineData("--set", "rate_limit=5", "--set", "Logging:LogLevel:Default=Debug")]
    [InlineData("env", "REGISTRYINDEX__RATE_LIMIT=5")]
    public async Task Without_settings_the_script_serves_the_sample_from_memory(params string[] given)
    {
        var result = await RunAsync(given);
        result.Stderr.Should().Contain("Serving the sample registry");
        result.Stdout.Should().Contain($"storage: {SampleRegistry.Path}\ndatabase: sqlite://\n");
    }

    [Theory]
    [InlineData("--registry", "http://127.0.0.1:5000")]
    [InlineData("--registry=http://127.0.0.1:5000")]
    [InlineData("--set", "registry=http://127.0.0.1:5000")]
    [InlineData("--set", "REGISTRY=http://127.0.0.1:5000")]
    [InlineData("--storage-path", "/var/lib/registry")]
    [InlineData("--storage-path=/var/lib/my registry")]
    [InlineData("--set", "storage=s3", "--set", "s3_bucket=images")]
    [InlineData("--database", "sqlite:////var/lib/index.db")]
    [InlineData("--search-backend=dynamodb")]
    [InlineData("--config", "../registry.yml")]
    [InlineData("--config=../registry.yml")]
    [InlineData("-c", "../none.yml")]
    [InlineData("env", "REGISTRYINDEX__REGISTRY=http://127.0.0.1:5000")]
    [InlineData("env", "registryindex__registry=http://127.0.0.1:5000")]
    [InlineData("env", "DOCKER_REGISTRY_CONFIG=../registry.yml")]
    [InlineData("env", "STORAGE_PATH=/var/lib/registry")]
    [InlineData("env", "SQLALCHEMY_INDEX_DATABASE=sqlite:////var/lib/index.db")]
    public async Task With_settings_the_script_does_not_serve_the_sample(params string[] given)
    {
        var result = await RunAsync(given);
        result.Stderr.Should().NotContain("sample");
        result.Stdout.Should().Contain("storage: \ndatabase: \n");
        result.Stdout.Should().EndWith($"<serve>{string.Concat(given.TakeWhile(_ => given[0] != "env").Select(argument => $"<{argument}>"))}", "every argument is passed unchanged");
    }

    [Fact]
    public async Task A_settings_file_in_the_working_directory_counts_as_settings()
    {
        var result = await RunAsync(PathOf("else where"), []);
        result.Stderr.Should().NotContain("sample");
        result.Stdout.Should().Contain("storage: \ndatabase: \n");
    }

    [Fact]
    public async Task A_settings_file_that_is_a_pipe_is_read_only_by_the_server()
    {
        File.WriteAllText(PathOf("bin/piped"), $"#!/bin/bash\nexec '{Checkout.PathOf("run.sh")}' --config <(printf 'dev:\n  loglevel: info\n')\n");
        File.SetUnixFileMode(PathOf("bin/piped"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var result = await RunAsync(PathOf("bin"), [], script: PathOf("bin/piped"));
        result.Stderr.Should().NotContain("sample");
        result.Stdout.Should().StartWith("storage: \ndatabase: \ndev:\n  loglevel: info\n<serve>");
    }

    [Fact]
    public async Task The_script_builds_its_own_clone_also_when_called_by_a_link()
    {
        File.CreateSymbolicLink(PathOf("bin/run"), Checkout.PathOf("run.sh"));
        var result = await RunAsync(PathOf("bin"), [], script: PathOf("bin/run"));
        result.ExitCode.Should().Be(0, result.Stderr);
        result.Stderr.Should().Contain($"builds in {Checkout.Root}\n");
    }

    [Fact]
    public async Task The_script_has_help()
    {
        var result = await RunAsync(["--registry", "http://127.0.0.1:5000", "--help"]);
        result.ExitCode.Should().Be(0);
        result.Stdout.Should().StartWith("Usage: ./run.sh").And.EndWith("<serve><--help>");
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("--set", "nothing")]
    [InlineData("--config", "missing.yml")]
    public async Task A_mistake_is_reported_before_the_server_starts(params string[] given)
    {
        var result = await RunAsync(given);
        result.ExitCode.Should().Be(2);
        result.Stdout.Should().NotContain("serve");
        result.Stderr.Should().Contain(given[^1]).And.NotContain("sample");
    }

    [Fact]
    public async Task A_warning_is_reported_once_by_the_server() =>
        (await RunAsync(["--set", "sync_intervall=1"])).Stderr.Should().NotContain("warning");

    [Fact]
    public async Task Without_an_SDK_the_script_says_what_is_missing()
    {
        var result = await RunAsync(["env", "NO_SDK=1"]);
        result.ExitCode.Should().Be(1);
        result.Stderr.Should().Be("run.sh: the .NET 10 SDK is not installed (https://dotnet.microsoft.com/download).\n");
    }

    private Task<ProcessResult> RunAsync(string[] given) => RunAsync(Directory.CreateDirectory(PathOf("empty directory")).FullName, given);

    private Task<ProcessResult> RunAsync(string directory, string[] given, string? script = null)
    {
        string[] environment = [$"PATH={PathOf("bin")}:{TruePath}", $"TRUE_PATH={TruePath}"];
        if (given is ["env", ..])
            (environment, given) = ([.. environment, .. given[1..]], []);
        return ProcessRunner.RunAsync("env", ["--chdir", directory, .. environment, script ?? Checkout.PathOf("run.sh"), .. given], TestContext.Current.CancellationToken);
    }

    private string PathOf(string name) => Path.Combine(_home.Path, name);
}
