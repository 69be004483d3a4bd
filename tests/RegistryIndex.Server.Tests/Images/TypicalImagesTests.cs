using static RegistryIndex.Testing.Registry.HandMadeImages;

namespace RegistryIndex.Server.Tests.Images;

/// <summary>The descriptions of typical images, from a real registry's API and from its storage.</summary>
public sealed class TypicalImagesTests : IAsyncLifetime
{
    private SyncedRegistry _synced = null!;

    public async ValueTask InitializeAsync() => _synced = await SyncedRegistry.StartAsync();

    public ValueTask DisposeAsync() => _synced.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Repositories_of_build_caches_are_indexed_and_hide_no_others(bool byApi)
    {
        await _synced.Images.ImageAsync("app/web", "latest", [(Description, "the web")]);
        for (var i = 0; i < 40; i++)
            await _synced.Images.CacheAsync($"cache/svc{i:d2}", "latest");
        await _synced.Images.ImageAsync("zoo/web", "latest", [(Description, "the zoo")]);
        var found = await _synced.RunAsync("sync", byApi);
        found.Should().HaveCount(42).And.Contain("app/web", "the web").And.Contain("zoo/web", "the zoo").And.Contain("cache/svc17", null);
        _synced.Registry.Log.Should().NotContain("http.response.status=500", "layers are never requested as manifests");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Attachments_of_an_image_do_not_remove_its_description(bool byApi)
    {
        var image = await _synced.Images.ImageAsync("sig/app", "3.1.4", [(Description, "signed app described")]);
        var digest = image["digest"]!.GetValue<string>().Replace(':', '-');
        foreach (var tag in (string[])[$"{digest}.sig", $"{digest}.att", $"{digest}.sbom", digest, "v3.1.4-sbom"])
            await _synced.Images.ImageAsync("sig/app", tag, content: tag);
        await _synced.Images.ImageAsync("sig/only", $"{digest}.sig", [(Description, "of the signature")]);
        (await _synced.RunAsync("sync", byApi)).Should().Equal(new Dictionary<string, string?> { ["sig/app"] = "signed app described", ["sig/only"] = null });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_index_has_the_description_of_its_first_readable_image(bool byApi)
    {
        var amd = await _synced.Images.ImageAsync("sparse/app", "x1", [(Description, "sparse described")], content: "amd");
        var arm = await _synced.Images.ImageAsync("sparse/app", "x2", [(Description, "sparse described")], content: "arm");
        await _synced.Images.IndexAsync("sparse/app", "latest", [amd, arm]);
        await _synced.Images.DeleteAsync("sparse/app", amd);

        var silent = await _synced.Images.ImageAsync("idx/second", "x1", content: "silent");
        var speaks = await _synced.Images.ImageAsync("idx/second", "x2", [(Description, "second described")]);
        await _synced.Images.IndexAsync("idx/second", "latest", [silent, speaks]);

        var last = await _synced.Images.ImageAsync("idx/eighth", "x8", [(Description, "eighth described")]);
        var before = new List<System.Text.Json.Nodes.JsonObject>();
        for (var i = 1; i < 8; i++)
            before.Add(await _synced.Images.ImageAsync("idx/eighth", $"x{i}", content: $"silent {i}"));
        await _synced.Images.IndexAsync("idx/eighth", "latest", [.. before, last]);

        var attestation = await _synced.Images.ImageAsync("idx/attested", "x1", [(Description, "of the attestation")]);
        attestation["platform"] = new System.Text.Json.Nodes.JsonObject { ["os"] = "unknown", ["architecture"] = "unknown" };
        await _synced.Images.IndexAsync("idx/attested", "latest", [attestation, await _synced.Images.ImageAsync("idx/attested", "x2", [(Description, "of the image")])]);

        await _synced.Images.IndexAsync("idx/nested", "latest", [await _synced.Images.IndexAsync("idx/nested", "x1", [await _synced.Images.ImageAsync("idx/nested", "x2", [(Description, "nested")])])]);

        (await _synced.RunAsync("sync", byApi)).Should().Equal(new Dictionary<string, string?>
        {
            ["idx/attested"] = "of the image",
            ["idx/eighth"] = "eighth described",
            ["idx/nested"] = "nested",
            ["idx/second"] = "second described",
            ["sparse/app"] = "sparse described",
        });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Descriptions_are_read_under_all_common_names_in_the_configured_order(bool byApi)
    {
        await _synced.Images.ImageAsync("lab/schema", "latest", [("org.label-schema.description", "label schema described")]);
        await _synced.Images.ImageAsync("lab/ubi", "latest", [("description", "ubi described"), ("summary", "ubi summary"), ("io.k8s.description", "k8s described")]);
        await _synced.Images.ImageAsync("lab/both", "latest", [("description", "by a label")], [("org.label-schema.description", "by an annotation")]);
        await _synced.Images.ImageAsync("lab/own", "latest", [("com.example.about", "by a name of our own"), (Description, "by the usual name")]);
        await _synced.Images.ImageAsync("charts/old", "0.1.0", config: """{"name":"chart","version":"0.1.0","description":"helm described"}""", configType: "application/vnd.cncf.helm.config.v1+json");
        await _synced.Images.ImageAsync("plugins/a", "latest", config: """{"description":"plugin described","interface":{}}""", configType: "application/vnd.docker.plugin.v1+json");
        await _synced.Images.ImageAsync("wasm/a", "v1", annotations: [(Description, "wasm described")], config: "{}", configType: "application/vnd.wasm.config.v0+json");
        await _synced.Images.ImageAsync("models/a", "7b", annotations: [(Description, "model described")], config: "no JSON", configType: "application/vnd.cncf.model.config.v1+json");
        var expected = new Dictionary<string, string?>
        {
            ["charts/old"] = "helm described",
            ["lab/both"] = "by an annotation",
            ["lab/own"] = "by the usual name",
            ["lab/schema"] = "label schema described",
            ["lab/ubi"] = "k8s described",
            ["models/a"] = "model described",
            ["plugins/a"] = "plugin described",
            ["wasm/a"] = "wasm described",
        };
        (await _synced.RunAsync("sync", byApi)).Should().Equal(expected);

        _synced.Set("description_keys", $"com.example.about; summary;{Description}");
        (expected["lab/ubi"], expected["lab/own"], expected["lab/schema"], expected["lab/both"]) = ("ubi summary", "by a name of our own", null, null);
        (await _synced.RunAsync("sync", byApi)).Should().Equal(expected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_tag_is_chosen_by_the_names_and_at_most_four_are_read(bool byApi)
    {
        await PushAsync("tagpick/rc", "1.10.0", "1.10.0-rc1", "1.9.0");
        await PushAsync("tagpick/v", "1.0", "v0.9");
        await PushAsync("tagpick/pr", "2.4.1", "pr-17", "main", "20240101");
        await PushAsync("tagpick/latest", "latest", "9.0");
        await _synced.Images.ImageAsync("cache/new", "1.0", [(Description, "says 1.0")]);
        await _synced.Images.ImageAsync("cache/new", "buildcache", [(Description, "says buildcache")], config: """{"layers":[],"records":[]}""", configType: "application/vnd.buildkit.cacheconfig.v0");
        await _synced.Images.ImageAsync("cache/tagged", "9.9", [(Description, "says 9.9")], [(Description, "says 9.9")], config: """{"layers":[],"records":[]}""", configType: "application/vnd.buildkit.cacheconfig.v0");
        await _synced.Images.ImageAsync("cache/tagged", "1.0", [(Description, "says 1.0")]);
        foreach (var tag in (string[])["latest", "5.0", "4.0", "2.0"])
            await _synced.Images.ImageAsync("silent/three", tag, content: tag);
        await PushAsync("silent/three", "3.0");
        foreach (var tag in (string[])["latest", "5.0", "4.0", "3.0"])
            await _synced.Images.ImageAsync("silent/four", tag, content: tag);
        await PushAsync("silent/four", "2.0");

        (await _synced.RunAsync("sync", byApi)).Should().Equal(new Dictionary<string, string?>
        {
            ["cache/new"] = "says 1.0",
            ["cache/tagged"] = "says 1.0",
            ["silent/four"] = null,
            ["silent/three"] = "says 3.0",
            ["tagpick/latest"] = "says latest",
            ["tagpick/pr"] = "says 2.4.1",
            ["tagpick/rc"] = "says 1.10.0",
            ["tagpick/v"] = "says 1.0",
        });

        async Task PushAsync(string name, params string[] tags)
        {
            foreach (var tag in tags)
                await _synced.Images.ImageAsync(name, tag, [(Description, $"says {tag}")], content: tag);
        }
    }
}
