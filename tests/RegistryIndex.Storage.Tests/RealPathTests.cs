using RegistryIndex.Files;
using RegistryIndex.Storage.Trees;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Storage.Tests;

/// <summary>The targets of links, from the kernel, and segment by segment on systems without that function.</summary>
public sealed class RealPathTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_system_call_and_the_fallback_find_the_same_path()
    {
        Directory.CreateDirectory(PathOf("a/b/c"));
        File.WriteAllText(PathOf("a/b/c/file"), "");
        foreach (var (link, target) in (IEnumerable<(string, string)>)[("relative", "a/b"), ("absolute", PathOf("a/b")), ("a/up", "../relative/c"), ("over", "absolute/../up/file"), ("self", "self"), ("one", "two"), ("two", "one"), ("nowhere", "a/none")])
            File.CreateSymbolicLink(PathOf(link), target);
        foreach (var path in (string[])["", "a/b/c/file", "relative", "relative/c/file", "absolute/c", "a/up", "a/up/file", "over"])
            RealPath.Resolve(PathOf(path)).Should().Be(RealPath.Of(PathOf(path)));
        RealPath.Of(PathOf("over")).Should().EndWith("/a/b/c/file");
        foreach (var find in (Func<string, string>[])[RealPath.Of, RealPath.Resolve])
        {
            foreach (var circle in (string[])["self", "one", "two", "one/file"])
                find.Invoking(it => it(PathOf(circle))).Should().Throw<NotPlainException>();
            foreach (var missing in (string[])["nowhere", "nowhere/file", "a/none"])
                find.Invoking(it => it(PathOf(missing))).Should().Throw<FileNotFoundException>();
        }
    }

    private string PathOf(string path) => Path.Join(_directory.Path, path);
}
