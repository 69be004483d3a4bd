using System.Text;
using ArchUnitNET.Fluent.Slices;
using ArchUnitNET.xUnitV3;
using RegistryIndex.Testing;

namespace RegistryIndex.Architecture.Tests;

/// <summary>Compares the arrows of docs/architecture.md with the code. There must be no cycles.</summary>
public sealed class ArchitectureTests
{
    private const string Document = "docs/architecture.md";

    // The projects that each project may use, from the bottom to the top. A new project needs a line here.
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

    // The projects of engines use that of the relational provider.
    private static readonly string[] OnEfCore = ["RegistryIndex.Abstractions", "RegistryIndex.EfCore"];

    /// <summary>The projects with more than one namespace below their own. Abstractions, for example, has none.</summary>
    public static TheoryData<string> Divided => [.. CompiledProjects.Assemblies.Keys.Where(project => CompiledProjects.FoldersOf(project).Count > 1)];

    [Fact]
    public void A_project_uses_only_the_projects_below_it()
    {
        foreach (var project in CompiledProjects.Assemblies.Keys.Where(project => project != "RegistryIndex.Server"))
        {
            var allowed = Layers.GetValueOrDefault(project) ?? (project.StartsWith("RegistryIndex.EfCore.", StringComparison.Ordinal) ? OnEfCore : []);
            CompiledProjects.ReferencesOf(project).Should().BeSubsetOf(allowed, $"{project} is below them or beside them; {Document} shows the layers");
        }
    }

    [Theory]
    [MemberData(nameof(Divided))]
    public void No_two_folders_use_each_other_directly_or_indirectly(string project) => SliceRuleDefinition.Slices()
        .Matching($"{project}.(*)").Should().BeFreeOfCycles().Check(CompiledProjects.Code);

    [Theory]
    [MemberData(nameof(Divided))]
    public void The_folders_have_no_cycle_and_the_message_would_name_it(string project) =>
        CompiledProjects.FindCycle(CompiledProjects.FoldersOf(project)).Should().BeNull("dependencies have one direction");

    [Fact]
    public void A_cycle_is_found()
    {
        var arrows = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal) { ["Access"] = ["Answers"], ["Answers"] = [], ["Http"] = ["Access", "Events"], ["Events"] = ["Http"] };
        CompiledProjects.FindCycle(arrows).Should().Equal("Events", "Http", "Events");
    }

    [Fact]
    public void Internals_are_visible_only_to_tests()
    {
        foreach (var (project, assembly) in CompiledProjects.Assemblies)
        {
            var friends = assembly.GetCustomAttributes(typeof(System.Runtime.CompilerServices.InternalsVisibleToAttribute), inherit: false)
                .Cast<System.Runtime.CompilerServices.InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName);
            friends.Where(friend => !friend.EndsWith(".Tests", StringComparison.Ordinal)).Should().BeEmpty($"only tests may use internals of {project}");
        }
    }

    [Fact]
    public void The_document_shows_the_dependencies_of_the_code()
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
        text.Should().Be(File.ReadAllText(path), "set REGISTRYINDEX_UPDATE_SNAPSHOTS=1 to write it again");
    }

    private static IEnumerable<(string Name, string Graph)> Graphs()
    {
        yield return ("projects", Graph(CompiledProjects.Assemblies.Keys.Select(project => (project["RegistryIndex.".Length..], Direct(project).Select(other => other["RegistryIndex.".Length..])))));
        foreach (var project in CompiledProjects.Assemblies.Keys.Where(project => CompiledProjects.FoldersOf(project).Count > 1))
            yield return ($"folders of {project}", Graph(CompiledProjects.FoldersOf(project).Select(folder => (folder.Key, (IEnumerable<string>)folder.Value))));
    }

    // The used projects, without those that another used project uses as well.
    private static IEnumerable<string> Direct(string project)
    {
        var all = CompiledProjects.ReferencesOf(project).ToList();
        return all.Where(other => !all.Exists(between => CompiledProjects.ReferencesOf(between).Contains(other)));
    }

    private static string Graph(IEnumerable<(string From, IEnumerable<string> To)> nodes)
    {
        var text = new StringBuilder("```mermaid\ngraph TD\n");
        foreach (var (from, to) in nodes)
        {
            var targets = to.ToList();
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {from}{(targets.Count > 0 ? $" --> {string.Join(" & ", targets)}" : "")}\n");
        }

        return text.Append("```\n").ToString();
    }
}
