using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using RegistryIndex.Testing;

namespace RegistryIndex.Server.Tests.EndToEnd;

/// <summary><c>THIRD-PARTY-NOTICES.txt</c> names every package that ships with the program. REGISTRYINDEX_UPDATE_SNAPSHOTS=1 writes it anew.</summary>
public sealed class NoticesTests
{
    private const string Mit = """
        Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
        "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
        distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
        the following conditions:

        The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

        THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
        MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR
        ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH
        THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
        """;

    private const string PostgreSql = """
        Permission to use, copy, modify, and distribute this software and its documentation for any purpose, without fee, and without a written
        agreement is hereby granted, provided that the above copyright notice and this paragraph and the following two paragraphs appear in all
        copies.

        IN NO EVENT SHALL THE COPYRIGHT HOLDER BE LIABLE TO ANY PARTY FOR DIRECT, INDIRECT, SPECIAL, INCIDENTAL, OR CONSEQUENTIAL DAMAGES,
        INCLUDING LOST PROFITS, ARISING OUT OF THE USE OF THIS SOFTWARE AND ITS DOCUMENTATION, EVEN IF THE COPYRIGHT HOLDER HAS BEEN ADVISED OF
        THE POSSIBILITY OF SUCH DAMAGE.

        THE COPYRIGHT HOLDER SPECIFICALLY DISCLAIMS ANY WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND
        FITNESS FOR A PARTICULAR PURPOSE. THE SOFTWARE PROVIDED HEREUNDER IS ON AN "AS IS" BASIS, AND THE COPYRIGHT HOLDER HAS NO OBLIGATIONS TO
        PROVIDE MAINTENANCE, SUPPORT, UPDATES, ENHANCEMENTS, OR MODIFICATIONS.
        """;

    private static readonly string PackagesOfMachine = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    // Packages with one of these licences are listed below its text.
    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["Apache-2.0"] = "The text is in the file LICENSE beside this one.",
        ["MIT"] = Mit,
        ["PostgreSQL"] = PostgreSql,
    };

    [Fact]
    public async Task The_notices_name_every_shipped_package_with_its_authors_and_licence()
    {
        var expected = Write(ReadPackages());
        var file = Checkout.PathOf("THIRD-PARTY-NOTICES.txt");
        if (Environment.GetEnvironmentVariable("REGISTRYINDEX_UPDATE_SNAPSHOTS") is { Length: > 0 })
            await File.WriteAllTextAsync(file, expected, TestContext.Current.CancellationToken);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Should().Be(expected, "REGISTRYINDEX_UPDATE_SNAPSHOTS=1 writes it again");
    }

    private static List<Notice> ReadPackages()
    {
        var libraries = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "registry-index.deps.json")))!["libraries"]!.AsObject();
        return [.. libraries.Where(library => library.Value!["type"]!.GetValue<string>() == "package").Select(library => Read(library.Key.Split('/'))).OrderBy(notice => notice.Id, StringComparer.Ordinal)];
    }

    private static Notice Read(string[] package)
    {
        var folder = Path.Combine([PackagesOfMachine, .. package.Select(part => part.ToLowerInvariant())]);
        var nuspec = XElement.Load(Directory.GetFiles(folder, "*.nuspec").Single());
        string? Value(string name) => nuspec.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();
        var licence = Value("license")!;
        var own = Directory.GetFiles(folder).FirstOrDefault(file => Path.GetFileName(file).StartsWith("LICENSE", StringComparison.OrdinalIgnoreCase));
        var text = Texts.ContainsKey(licence) ? null : File.ReadAllText(own ?? throw new InvalidOperationException($"{package[0]} is under '{licence}', and its text is not known here."));
        return new(package[0], text is null ? licence : "", Value("copyright") is { Length: > 0 } copyright ? copyright : $"Copyright (c) {Value("authors")}", text);
    }

    private static string Write(List<Notice> notices)
    {
        var document = new StringBuilder("RegistryIndex is passed on with the packages below, each under the licence that it is listed with. An image, and an archive that\nbrings .NET along, hold .NET's own licence and notices, too: DOTNET-LICENSE.txt and DOTNET-THIRD-PARTY-NOTICES.txt.\n");
        foreach (var (licence, text) in Texts)
        {
            document.Append($"\n== {licence}\n\n");
            foreach (var notice in notices.Where(notice => notice.Licence == licence))
                document.Append($"{notice.Id}: {notice.Copyright}\n");
            document.Append($"\n{text}\n");
        }

        foreach (var notice in notices.Where(notice => notice.Text is not null))
            document.Append($"\n== {notice.Id}\n\n{notice.Copyright}\n\n{notice.Text!.ReplaceLineEndings("\n").Trim()}\n");
        return document.ToString();
    }

    private sealed record Notice(string Id, string Licence, string Copyright, string? Text);
}
