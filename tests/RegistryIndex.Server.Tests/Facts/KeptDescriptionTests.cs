using System.Text;
using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Facts;

/// <summary>Descriptions that are kept because an image cannot be read.</summary>
public sealed class KeptDescriptionTests
{
    private const string Name = "team/app";
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kept_description_is_replaced_as_soon_as_its_image_can_be_read(bool hasNewLatest)
    {
        await using var registry = await DockerRegistry.StartAsync();
        using var images = new HandMadeImages(registry.Address);
        await images.ImageAsync(Name, "1.0", [(HandMadeImages.Description, "The former")]);
        await images.ImageAsync(Name, "latest", content: "the first");
        await using var server = await RunningServer.StartAsync(("storage_path", registry.RootDirectory), ("sync_interval", "0"), ("Logging:LogLevel:Default", "None"));
        var stored = await WaitAsync(server, repository => repository?.Description == "The former");
        stored.Facts!.DescriptionTag.Should().Be("1.0");

        await images.ImageAsync(Name, "1.0", [(HandMadeImages.Description, "The new one")]);
        if (hasNewLatest)
            await images.ImageAsync(Name, "latest", content: "the second");
        var hex = (await images.DigestAsync(Name, "1.0"))["sha256:".Length..];
        var manifest = Path.Combine(registry.RootDirectory, "docker/registry/v2/blobs/sha256", hex[..2], hex, "data");
        File.Move(manifest, manifest + ".away");
        var pushed = DateTimeOffset.UtcNow.AddMinutes(1);
        await TellAsync(server, pushed);
        var kept = await WaitAsync(server, repository => repository?.Facts?.PushedAt > pushed.AddSeconds(-1));
        kept.Description.Should().Be("The former");
        kept.Facts!.Tag.Should().Be("latest");

        File.Move(manifest + ".away", manifest);
        await TellAsync(server, pushed.AddMinutes(1));
        var last = await WaitAsync(server, repository => repository?.Facts?.PushedAt > pushed.AddSeconds(30));
        last.Description.Should().Be("The new one");
        last.Facts!.DescriptionTag.Should().Be("1.0");
        last.Facts.Digest.Should().Be(await images.DigestAsync(Name, "latest"));
    }

    private async Task TellAsync(RunningServer server, DateTimeOffset at)
    {
        using var content = new StringContent(
            $$$"""{"events":[{"action":"push","timestamp":"{{{at:O}}}","target":{"mediaType":"application/vnd.oci.image.manifest.v1+json","repository":"{{{Name}}}","tag":"1.0"}}]}""", Encoding.UTF8, "application/json");
        (await server.Client.PostAsync("/events", content, _cancellation)).EnsureSuccessStatusCode();
    }

    private async Task<Repository> WaitAsync(RunningServer server, Func<Repository?, bool> isSo)
    {
        Repository? stored = null;
        await Eventually.BeAsync(async () => isSo(stored = await server.Index.GetAsync(Name, _cancellation)), () => $"it is {stored?.Description}, {stored?.Facts}");
        return stored!;
    }
}
