using System.Text.RegularExpressions;
using RegistryIndex.Server.Terminal;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;
using Spectre.Console;

namespace RegistryIndex.Server.Tests.Terminal;

public sealed partial class RepositoryTableTests
{
    private const string Described = "The app that everybody knows and that nobody has read to its end";
    private static readonly string Long = "team/" + string.Concat(Enumerable.Range(0, 25).Select(number => $"service-{number:00}"));

    [Theory]
    [InlineData(200)]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(24)]
    public void A_long_name_is_shown_whole_and_descriptions_get_up_to_half_of_the_line(int width)
    {
        var lines = Write(width, new("team/app", Described), new(Long, "Long"));
        lines.Should().AllSatisfy(line => line.GetCellWidth().Should().BeLessThanOrEqualTo(width));
        var start = lines[0].IndexOf("DESCRIPTION", StringComparison.Ordinal);
        start.Should().BeGreaterThanOrEqualTo(6);
        (width - start).Should().BeGreaterThanOrEqualTo(Math.Min(Described.GetCellWidth(), (width / 2) - 1));
        string.Concat(lines.Skip(1).Select(line => line[..Math.Min(start, line.Length)].Trim())).Should().Be("team/app" + Long);
        string.Join(' ', lines.Skip(1).Select(line => line[Math.Min(start, line.Length)..].Trim()).Where(text => text.Length > 0))
            .Should().Be(Described + " Long");
    }

    [Fact]
    public void Names_use_the_width_that_descriptions_do_not_need() =>
        Write(60, new("team/one-name-that-is-longer-than-half", "Short"), new("b", null)).Should().Equal(
            "NAME                                    DESCRIPTION",
            "team/one-name-that-is-longer-than-half  Short",
            "b");

    [Theory]
    [InlineData("イメージ検索サーバー用のとても長い名前の説明")]
    [InlineData("e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301")]
    [InlineData("👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀")]
    public void Wide_and_zero_width_characters_keep_the_columns_aligned(string text)
    {
        var lines = Write(24, new("team/app", text), new(text, "Short"));
        var shown = string.Concat(lines).Replace(" ", "", StringComparison.Ordinal);
        lines.Should().AllSatisfy(line => line.GetCellWidth().Should().BeLessThanOrEqualTo(24)).And.AllSatisfy(line => line.Should().NotMatchRegex(@"(^|\s)(\u0301|\u200d)"));
        shown.Should().Contain("team/app").And.Contain("Short").And.NotContain("\ufffd");
        shown.EnumerateRunes().Count().Should().Be("NAMEDESCRIPTIONteam/appShort".Length + (2 * text.EnumerateRunes().Count()));
    }

    [Fact]
    public async Task On_a_terminal_one_long_name_does_not_hide_descriptions()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "script(1) is the terminal.");
        using var directory = new TemporaryDirectory();
        var database = $"sqlite:///{directory.Path}/index.db";
        await RegistryIndexProcess.RunWithInputAsync($"{Long}\tLong\nteam/app\t{Described}\n", "import", "-", "--database", database);
        var program = Path.Combine(AppContext.BaseDirectory, "registry-index.dll");
        var shown = await ProcessRunner.RunAsync("script", ["--quiet", "--return", "--command", $"stty cols 80; exec dotnet '{program}' search --database {database}", "/dev/null"]);
        shown.ExitCode.Should().Be(0, shown.Stdout);
        var lines = shown.Stdout.Split('\n').Select(line => Escapes().Replace(line, "").TrimEnd()).Where(line => line.Length > 0).ToList();
        lines.Should().AllSatisfy(line => line.GetCellWidth().Should().BeLessThanOrEqualTo(80));
        var start = lines[0].IndexOf("DESCRIPTION", StringComparison.Ordinal);
        start.Should().BeInRange(6, 41);
        string.Join(' ', lines.Skip(1).Where(line => line.Length > start).Select(line => line[start..].Trim()).Where(text => text.Length > 0)).Should().Contain(Described).And.Contain("Long");
    }

    [GeneratedRegex("\u001b(?:\\[[0-9;?]*[A-Za-z]|=)")]
    private static partial Regex Escapes();

    private static string[] Write(int width, params Repository[] repositories)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = width;
        RepositoryTable.Write(repositories, console);
        return [.. writer.ToString().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }
}
