using RegistryIndex.Benchmarks.Relevance;

namespace RegistryIndex.Tests.Matching;

/// <summary>The benchmark of relevance, with a few invented names.</summary>
public sealed class RelevanceTests : IDisposable
{
    private const string Images = "acme/lamp-server\nbulbs/tool\tMakes lamps dim\nlamp/lamp\nlibrary/lamp\tThe lamp itself\nzoo/shade\tfor a lamp\n";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("registry-index-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void The_report_has_the_rank_and_precision_of_the_contracts_order_and_of_LIKE()
    {
        var lines = Run(Images, "# what people expect\n\nlamp\texact\tlibrary/lamp\tlamp$|shade\nbulbs lamp\tnamespace\tbulbs/tool;bulbs/other\t^bulbs/\n").Split('\n');
        lines[0].Should().Be("5 images, 2 searches.");
        lines.Should().Contain("| the contract's order | 1.00 | 0.83 | 2 | 2 |");
        lines.Should().Contain("| LIKE, in order of insertion | 0.00 | 0.17 | 0 | 0 |");
        lines.Should().Contain("| `lamp` | exact | 1, 0.67 | 4, 0.33 |").And.Contain("| `bulbs lamp` | namespace | 1, 1.00 | –, 0.00 |");
    }

    [Theory]
    [InlineData(Images, "", "searches.tsv holds no searches.")]
    [InlineData(Images, "# none\n", "searches.tsv holds no searches.")]
    [InlineData(Images, "# one\nlamp\texact\tlibrary/lamp\n", "searches.tsv, line 2: four columns*")]
    [InlineData(Images, "lamp\texact\tlibrary/lamp\t(lamp\n", "searches.tsv, line 1: '(lamp' is no regular expression*")]
    [InlineData(Images, "lamp\texact\tlibrary/lamp\t(?=lamp)\n", "searches.tsv, line 1: '(?=lamp)' is no regular expression*")]
    [InlineData(Images, "1 2 3 4 5 6 7 8 9\texact\tlibrary/lamp\tlamp\n", "searches.tsv, line 1: '1 2 3 4 5 6 7 8 9' is no query*")]
    [InlineData("", "lamp\texact\tlibrary/lamp\tlamp\n", "images.tsv holds no images.")]
    [InlineData("lamp\n\tlight\n", "lamp\texact\tlibrary/lamp\tlamp\n", "images.tsv, line 2: a name is expected*")]
    [InlineData("lamp\tlight\tmore\n", "lamp\texact\tlibrary/lamp\tlamp\n", "images.tsv, line 1: a name is expected*")]
    public void An_invalid_file_is_refused_with_the_number_of_the_line(string images, string searches, string message) =>
        FluentActions.Invoking(() => Run(images, searches)).Should().Throw<FormatException>().WithMessage($"*{message}");

    private string Run(string images, string searches)
    {
        string Write(string name, string text)
        {
            var file = Path.Combine(_directory.FullName, name);
            File.WriteAllText(file, text);
            return file;
        }

        using var output = new StringWriter { NewLine = "\n" };
        RelevanceBenchmark.Run(Write("images.tsv", images), Write("searches.tsv", searches), output);
        return output.ToString();
    }
}
