using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>README and <c>--help</c> list exactly the existing exit codes.</summary>
public sealed partial class ExitCodeDocumentTests
{
    [Fact]
    public async Task The_document_lists_exactly_the_exit_codes()
    {
        var codes = typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (int)field.GetRawConstantValue()!);
        var help = await Testing.Server.RegistryIndexProcess.RunAsync("--help");
        foreach (var document in (string[])[await File.ReadAllTextAsync(Checkout.PathOf("README.md"), TestContext.Current.CancellationToken), help.Stdout])
            Numbers().Matches(List().Match(document).Value).Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture)).Should().BeEquivalentTo(codes);
    }

    [GeneratedRegex(@"Exit codes:.*?\.\s", RegexOptions.Singleline)]
    private static partial Regex List();

    [GeneratedRegex(@"\b\d+\b")]
    private static partial Regex Numbers();
}
