using RegistryIndex.Sources.Images;

namespace RegistryIndex.Sources.Tests;

/// <summary>The cache of images.</summary>
public sealed class ImageMemoryTests
{
    [Fact]
    public void The_cache_has_a_maximum_size()
    {
        var memory = new ImageMemory(10_000);
        var image = new Image(Digest.Sha256Of([]), new('x', 300));
        for (var i = 0; i < 100; i++)
            memory.Keep($"app-{i}", [new("latest", image)]);
        var kept = Enumerable.Range(0, 100).Count(i => memory.Find($"app-{i}").Count == 1);
        kept.Should().BeInRange(5, 20);
        for (var i = 0; i < 100; i++)
            memory.Keep("app-0", [new("latest", image)]);
        Enumerable.Range(0, 100).Count(i => memory.Find($"app-{i}").Count == 1).Should().Be(kept, "a replaced entry uses no more space");
        memory.Keep("app-0", []);
        memory.Keep("app-99", [new("latest", image)]);
        memory.Find("app-99").Should().ContainSingle();
    }
}
