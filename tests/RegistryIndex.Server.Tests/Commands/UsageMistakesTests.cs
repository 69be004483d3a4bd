using RegistryIndex.Server.Commands;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>Typing mistakes are reported in one sentence with a suggestion, and nothing is done.</summary>
public sealed class UsageMistakesTests
{
    [Theory]
    [InlineData("serve --search-backnd x", "'--search-backnd' is not an option of serve: did you mean --search-backend?")]
    [InlineData("serve --databse=postgresql://u:pa55word@h/d", "'--databse' is not an option of serve: did you mean --database?")]
    [InlineData("load --storge-path /x", "'--storge-path' is not an option of load: did you mean --storage-path?")]
    [InlineData("sync --dryrun", "'--dryrun' is not an option of sync: did you mean --dry-run?")]
    [InlineData("search --jsn x", "'--jsn' is not an option of search: did you mean --json?")]
    [InlineData("search x --limt 3", "'--limt' is not an option of search: did you mean --limit?")]
    [InlineData("search -x", "'-x' is not an option of search: see registry-index search --help; a word that begins with '-' comes after '--'.")]
    [InlineData("delete --dry-run a", "'--dry-run' is not an option of delete: see registry-index delete --help; a word that begins with '-' comes after '--'.")]
    [InlineData("import --merge rows.tsv", "'--merge' is not an option of import: see registry-index import --help; a word that begins with '-' comes after '--'.")]
    [InlineData("migrate --form a --to b", "'--form' is not an option of migrate: did you mean --from?")]
    [InlineData("searhc x", "'searhc' is not a command: did you mean search?")]
    [InlineData("frobnicate", "'frobnicate' is not a command: see registry-index --help.")]
    [InlineData("--verson", "'--verson' is not an option of registry-index: did you mean --version?")]
    [InlineData("status postgresql://u:pa55word@h/d", "'postgresql://u:***@h/d' is one argument more than status accepts: remove it, or put it in quotes together with its text.")]
    [InlineData("import", "*'FILE'*")]
    [InlineData("search x -n", "*-n*")]
    [InlineData("search -n 99999999999 x", "-n '99999999999' is not a whole number from 1 on.")]
    [InlineData("search -n -1 x", "-n '-1' is not a whole number from 1 on.")]
    [InlineData("sweep --grace 14", "--grace '14' is not a whole number from 15 to 527040.")]
    [InlineData("sweep --grace -1", "--grace '-1' is not a whole number from 15 to 527040.")]
    [InlineData("sweep --grace 99999999999", "--grace '99999999999' is not a whole number from 15 to 527040.")]
    [InlineData("sweep --grace 1h", "--grace '1h' is not a whole number from 15 to 527040.")]
    [InlineData("verify --from a --to b --searches 10001", "--searches '10001' is not a whole number from 0 to 10000.")]
    [InlineData("migrate --from a --to b --max-write-units 0", "--max-write-units '0' is not a whole number from 1 on.")]
    [InlineData("conformance --seed 1.5", "--seed '1.5' is not a whole number from -2147483648 on.")]
    public async Task A_mistake_in_the_arguments_is_one_sentence_and_exit_code_2(string arguments, string expected)
    {
        var error = new StringWriter();
        (await CommandLine.RunAsync(arguments.Split(' '), TestContext.Current.CancellationToken, error)).Should().Be(2);
        var line = error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle().Which;
        line.Should().Match("registry-index: " + expected).And.NotContain("pa55word");
    }

    [Theory]
    [InlineData("search -- --jsn")]
    [InlineData("search -n 5 x")]
    [InlineData("search -n5 x")]
    [InlineData("search --limit=5 x")]
    [InlineData("delete -- -x")]
    public async Task Correct_arguments_are_accepted(string arguments)
    {
        var error = new StringWriter();
        var words = arguments.Split(' ');
        (await CommandLine.RunAsync([words[0], "--database", "sqlite://", .. words[1..]], TestContext.Current.CancellationToken, error)).Should().Be(1, "{0}", error);
        error.ToString().Should().Contain("No index exists at", "a reader creates no database and reaches this message");
    }
}
