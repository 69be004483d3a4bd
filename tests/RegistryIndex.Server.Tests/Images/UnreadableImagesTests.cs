using System.Text.Json.Nodes;
using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Server.Tests.Images;

/// <summary>Images that a real registry cannot deliver for several reasons.</summary>
public sealed class UnreadableImagesTests : IAsyncLifetime
{
    private static readonly string[] Breaks = ["no JSON", "empty", "missing", "no digest", "a directory for a link", "no config", "half a config"];
    private SyncedRegistry _synced = null!;

    public async ValueTask InitializeAsync() => _synced = await SyncedRegistry.StartAsync();

    public ValueTask DisposeAsync() => _synced.DisposeAsync();

    [Theory]
    [InlineData("sync", true)]
    [InlineData("sync", false)]
    [InlineData("load", false)]
    public async Task A_hundred_unreadable_images_are_reported_and_all_others_are_indexed(string command, bool byApi)
    {
        const int Broken = 105;
        await _synced.Images.ImageAsync("a/web", "latest", [(Description, "before them")]);
        for (var i = 0; i < Broken; i++)
            await BreakAsync($"b/broken-{i:d3}", Breaks[i % Breaks.Length]);
        await _synced.Images.ImageAsync("c/web", "latest", [(Description, "after them")]);

        var found = await _synced.RunAsync(command, byApi, exitCode: 1);
        found.Should().HaveCount(Broken + 2).And.Contain("a/web", "before them").And.Contain("c/web", "after them");
        found.Where(row => row.Key.StartsWith("b/", StringComparison.Ordinal)).Should().OnlyContain(row => row.Value == null);
        var lines = _synced.Last.Stderr.Split('\n');
        for (var i = 0; i < Broken; i++)
            lines.Should().ContainSingle(line => line.Contains($"b/broken-{i:d3}: The description of tag 'latest' cannot be read: ", StringComparison.Ordinal));
        _synced.Last.Stderr.Should().Contain($"{Broken} repositories could not be read completely");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unreadable_image_keeps_its_known_description_or_gets_that_of_another_tag(bool byApi)
    {
        var image = await _synced.Images.ImageAsync("known", "latest", [(Description, "of latest")]);
        await _synced.Images.ImageAsync("known", "1.0", [(Description, "of 1.0")]);
        (await _synced.RunAsync("sync", byApi)).Should().Equal(new Dictionary<string, string?> { ["known"] = "of latest" });
        File.Delete(_synced.FileOf(image));
        await BreakAsync("new", "no JSON");
        await _synced.Images.ImageAsync("new", "1.0", [(Description, "of 1.0")]);
        var expected = new Dictionary<string, string?> { ["known"] = "of latest", ["new"] = "of 1.0" };
        (await _synced.RunAsync("sync", byApi, exitCode: 1)).Should().Equal(expected);
        (await _synced.RunAsync("sync", byApi, exitCode: 1)).Should().Equal(expected);
        _synced.Last.Stderr.Should().Contain("0 added, 0 updated, 0 removed, 2 unchanged").And.Contain("2 unreadable");
    }

    [Fact]
    public async Task Repositories_whose_tags_cannot_be_listed_stay_and_do_not_affect_others()
    {
        for (var i = 0; i < 40; i++)
            await _synced.Images.ImageAsync($"b/broken-{i:d2}", "latest", [(Description, $"known {i}")]);
        await _synced.RunAsync("sync", byApi: true);
        for (var i = 0; i < 40; i++)
        {
            var tags = Path.Combine(_synced.DirectoryOf($"b/broken-{i:d2}"), "_manifests/tags");
            Directory.Delete(tags, recursive: true);
            await File.WriteAllTextAsync(tags, "no directory");
        }

        await _synced.Images.ImageAsync("a/web", "latest", [(Description, "before them")]);
        await _synced.Images.ImageAsync("c/web", "latest", [(Description, "after them")]);
        var found = await _synced.RunAsync("sync", byApi: true, exitCode: 1);
        found.Should().HaveCount(42).And.Contain("a/web", "before them").And.Contain("c/web", "after them").And.Contain("b/broken-07", "known 7");
        _synced.Last.Stderr.Should().Contain("40 unclear").And.Contain("/v2/b/broken-07/tags/list with 500").And.Contain("40 repositories could not be read completely");
    }

    private async Task BreakAsync(string name, string how)
    {
        var image = await _synced.Images.ImageAsync(name, "latest", [(Description, "cannot be read")]);
        var (manifest, link) = (_synced.FileOf(image), Path.Combine(_synced.DirectoryOf(name), "_manifests/tags/latest/current/link"));
        switch (how)
        {
            case "no JSON":
                await File.WriteAllTextAsync(manifest, "garbage");
                break;
            case "empty":
                await File.WriteAllTextAsync(manifest, "");
                break;
            case "missing":
                File.Delete(manifest);
                break;
            case "no digest":
                await File.WriteAllTextAsync(link, "nonsense");
                break;
            case "a directory for a link":
                File.Delete(link);
                Directory.CreateDirectory(link);
                break;
            case "no config" or "half a config":
                // With a config of its own, because configs with the same content are one blob.
                image = await _synced.Images.ImageAsync(name, "latest", [(Description, $"cannot be read of {name}")]);
                var config = _synced.FileOf(JsonNode.Parse(await File.ReadAllTextAsync(_synced.FileOf(image)))!["config"]!.AsObject());
                File.Delete(config);
                if (how == "half a config")
                    await File.WriteAllTextAsync(config, "{\"conf");
                break;
            default:
                throw new ArgumentException(how);
        }
    }
}
