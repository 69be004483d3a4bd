using System.Text;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.xUnitV3;
using RegistryIndex.Testing;

namespace RegistryIndex.Architecture.Tests;

/// <summary>The arrows of docs/architecture.md, held equal to the code; none of them comes back.</summary>
public sealed class ArchitectureTests
{
    private const string Document = "docs/architecture.md";

    // What other projects may be used by each, from the bottom to the top. A new project is a line here.
    private static readonly Dictionary<string, string[]> Layers = new(StringComparer.Ordinal)
    {
        ["RegistryIndex.Abstractions"] = [],
        ["RegistryIndex.EfCore"] = ["RegistryIndex.Abstractions"],
        ["RegistryIndex.DynamoDb"] = ["RegistryIndex.Abstractions"],
        ["RegistryIndex.Conformance"] = ["RegistryIndex.Abstractions"],
        ["RegistryIndex.Conformance.Xunit"] = ["RegistryIndex.Abstractions", "RegistryIndex.Conformance"],
        ["RegistryIndex.Sources"] = ["RegistryIndex.Abstractions"],
        ["RegistryIndex.Registry"] = ["RegistryIndex.Abstractions", "RegistryIndex.Sources"],
        ["RegistryIndex.Storage"] = ["RegistryIndex.Abstractions", "RegistryIndex.Sources"],
        ["RegistryIndex.Synchronization"] = ["RegistryIndex.Abstractions", "RegistryIndex.Sources"],
        ["RegistryIndex.Migration"] = ["RegistryIndex.Abstractions"],
    };

    // The packages of engines stand on that of the relational provider.
    private static readonly string[] OnEfCore = ["RegistryIndex.Abstractions", "RegistryIndex.EfCore"];

    /// <summary>The projects whose folders are held; the providers and the kit are divided by what they do to one index, not into rooms.</summary>
    public static TheoryData<string> Divided => ["RegistryIndex.Sources", "RegistryIndex.Registry", "RegistryIndex.Storage", "RegistryIndex.Synchronization", "RegistryIndex.Migration", "RegistryIndex.Server"];

    [Fact]
    public void A_project_uses_those_below_it_and_no_other()
    {
        foreach (var project in Rooms.Assemblies.Keys.Where(project => project != "RegistryIndex.Server"))
        {
            var allowed = Layers.GetValueOrDefault(project) ?? (project.StartsWith("RegistryIndex.EfCore.", StringComparison.Ordinal) ? OnEfCore : []);
            Rooms.ReferencesOf(project).Should().BeSubsetOf(allowed, $"{project} is below them or beside them; {Document} shows the layers");
        }
    }

    [Theory]
    [MemberData(nameof(Divided))]
    public void No_two_folders_use_each_other_directly_or_by_others(string project) => SliceRuleDefinition.Slices()
        .Matching($"{project}.(*)").Should().BeFreeOfCycles().Check(Rooms.Code);

    [Theory]
    [MemberData(nameof(Divided))]
    public void The_folders_make_no_circle_and_the_message_names_it(string project) =>
        Rooms.FindCycle(Rooms.FoldersOf(project)).Should().BeNull("each arrow has one direction");

    [Fact]
    public void A_circle_is_found()
    {
        var arrows = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal) { ["Access"] = ["Answers"], ["Answers"] = [], ["Http"] = ["Access", "Events"], ["Events"] = ["Http"] };
        Rooms.FindCycle(arrows).Should().Equal("Events", "Http", "Events");
    }

    // What the executable and the libraries still use of the abstractions that is not public: the meter's name, the index that is none, and
    // errors of registration. To be emptied.
    private static readonly HashSet<string> Friends = ["registry-index", "RegistryIndex.DynamoDb", "RegistryIndex.Migration", "RegistryIndex.Synchronization"];

    [Fact]
    public void Internals_are_visible_to_tests_only()
    {
        foreach (var (project, assembly) in Rooms.Assemblies)
        {
            var friends = assembly.GetCustomAttributes(typeof(System.Runtime.CompilerServices.InternalsVisibleToAttribute), inherit: false)
                .Cast<System.Runtime.CompilerServices.InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName);
            friends.Where(friend => !friend.EndsWith(".Tests", StringComparison.Ordinal) && !(project == "RegistryIndex.Abstractions" && Friends.Contains(friend))).Should().BeEmpty($"what others need of {project} is public");
        }
    }

    [Fact]
    public void The_document_shows_the_arrows_that_are_there()
    {
        var path = Checkout.PathOf(Document);
        var text = File.ReadAllText(path);
        foreach (var (name, graph) in Graphs())
        {
            var (begin, end) = ($"<!-- {name} -->\n", $"<!-- end of {name} -->");
            var start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
            text = text[..start] + graph + text[text.IndexOf(end, start, StringComparison.Ordinal)..];
        }

        if (Environment.GetEnvironmentVariable("REGISTRYINDEX_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(path, text);
        text.Should().Be(File.ReadAllText(path), "set REGISTRYINDEX_UPDATE_SNAPSHOTS=1 to write it anew");
    }

    private static IEnumerable<(string Name, string Graph)> Graphs()
    {
        yield return ("projects", Graph(Rooms.Assemblies.Keys.Select(project => (project["RegistryIndex.".Length..], Direct(project).Select(other => other["RegistryIndex.".Length..])))));
        foreach (var project in (string[])["RegistryIndex.Server", "RegistryIndex.Synchronization", "RegistryIndex.Migration", "RegistryIndex.Sources", "RegistryIndex.Registry", "RegistryIndex.Storage"])
            yield return ($"folders of {project}", Graph(Rooms.FoldersOf(project).Select(folder => (folder.Key, (IEnumerable<string>)folder.Value))));
    }

    // Of the projects that are used, those that are not used by another of them anyway.
    private static IEnumerable<string> Direct(string project)
    {
        var all = Rooms.ReferencesOf(project).ToList();
        return all.Where(other => !all.Exists(between => Rooms.ReferencesOf(between).Contains(other)));
    }

    private static string Graph(IEnumerable<(string From, IEnumerable<string> To)> rooms)
    {
        var text = new StringBuilder("```mermaid\ngraph TD\n");
        foreach (var (from, to) in rooms)
        {
            var targets = to.ToList();
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {from}{(targets.Count > 0 ? $" --> {string.Join(" & ", targets)}" : "")}\n");
        }

        return text.Append("```\n").ToString();
    }
}
