using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Terminal;

/// <summary>A terminal with very few columns, like a window that is too small.</summary>
public sealed class NarrowTerminalTests
{
    [Theory]
    [InlineData(1, "search --help")]
    [InlineData(5, "search --help")]
    [InlineData(5, "--help")]
    [InlineData(5, "import --help")]
    public async Task Help_is_printed_on_a_narrow_terminal(int columns, string arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "script(1) is the terminal.");
        var program = Path.Combine(AppContext.BaseDirectory, "registry-index.dll");
        var shown = await ProcessRunner.RunAsync("script", ["--quiet", "--return", "--command", $"stty cols {columns}; exec dotnet '{program}' {arguments}", "/dev/null"], TestContext.Current.CancellationToken);
        shown.ExitCode.Should().Be(0, shown.Stdout);
        shown.Stdout.Should().Contain("Usage:");
    }
}
