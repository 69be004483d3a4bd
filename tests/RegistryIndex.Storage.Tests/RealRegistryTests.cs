using System.Text.Json;
using RegistryIndex.Storage.Trees;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Storage.Tests;

public sealed class RealRegistryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Images_pushed_to_a_real_registry_and_not_deleted_are_found_in_its_storage()
    {
        using var layouts = new TemporaryDirectory();
        await using var registry = await DockerRegistry.StartAsync(cancellationToken: Cancellation);
        await PushAsync("team/shop", "latest", layout => OciImage.Write(layout, annotation: "Der Laden für alle 🛒"));
        await PushAsync("team/shop/web", "1.0", layout => OciImage.Write(layout, label: "Its front end", platforms: ["linux/amd64", "linux/arm64"]));
        await PushAsync("team/gone", "latest", layout => OciImage.Write(layout, annotation: "soon deleted", content: "gone"));
        await Skopeo.DeleteAsync($"{registry.Address}/team/gone:latest", Cancellation);

        Directory.Exists(Path.Combine(registry.RootDirectory, "docker/registry/v2/repositories/team/gone/_manifests")).Should().BeTrue("a delete leaves directories behind");
        (await ReadAsync(registry.RootDirectory)).Should().Equal(
            new("team/shop", "Der Laden für alle 🛒"), new Repository("team/shop/web", "Its front end"));

        async Task PushAsync(string name, string tag, Action<string> write)
        {
            var layout = Path.Combine(layouts.Path, Guid.NewGuid().ToString("n"));
            write(layout);
            await Skopeo.CopyAsync(layout, $"{registry.Address}/{name}:{tag}", Cancellation);
        }
    }

    [Fact]
    public async Task The_sample_registry_is_read_completely()
    {
        var repositories = await ReadAsync(SampleRegistry.Path);
        repositories.Should().HaveCount(42).And.OnlyHaveUniqueItems(repository => repository.Name);
        repositories.Should().OnlyContain(repository => repository.FindProblem() == null);
        repositories.Should().ContainSingle(repository => repository.Description == null).Which.Name.Should().Be("tools/scratchpad");
        repositories.Should().Contain([
            new("postgres", "PostgreSQL with PostGIS, pg_trgm and nightly backups"),
            new("nginx", "nginx as reverse proxy, with our TLS settings"),
            new("base/dotnet", ".NET runtime on Debian, without root"),
            new("platform/ci", "The build server itself"),
            new("platform/ci/runner", "Runs build jobs; one container for each job"),
            new("team/billing/mahnung", "Mahnt säumige Kunden freundlich, dann weniger freundlich"),
            new("team/mobile/push", "Sends push messages to phones 📱"),
            new("team-tokyo/shop-ja", "日本語のショップ画面"),
            new("research/vision/models/ocr", "Reads text from scanned delivery notes"),
        ]);
    }

    [Fact]
    public async Task The_sample_registry_can_be_served_by_a_registry()
    {
        using var copy = new TemporaryDirectory();
        foreach (var file in Directory.EnumerateFiles(SampleRegistry.Path, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy.Path, Path.GetRelativePath(SampleRegistry.Path, file)); // only files, because git keeps no directories
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        await using var registry = await DockerRegistry.StartAsync(rootDirectory: copy.Path, cancellationToken: Cancellation);
        using var image = JsonDocument.Parse(await Skopeo.InspectAsync($"{registry.Address}/base/java:21", Cancellation));
        image.RootElement.GetProperty("Labels").GetProperty("org.opencontainers.image.description").GetString()
            .Should().Be("OpenJDK with a heap that fits its container");
        image.RootElement.GetProperty("RepoTags").EnumerateArray().Select(tag => tag.GetString()).Should().BeEquivalentTo("17", "21", "latest");
    }

    private static async Task<List<Repository>> ReadAsync(string path)
    {
        var all = await TestStorage.Of(new LocalTree(path)).ReadAllAsync();
        all.Where(stored => stored.Problem is not null).Should().BeEmpty();
        return [.. all.Select(stored => stored.Repository.WithoutFacts())];
    }
}
