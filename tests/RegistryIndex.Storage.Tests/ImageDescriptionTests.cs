using System.Text;
using CsCheck;
using RegistryIndex.Sources;

using RegistryIndex.Testing;

namespace RegistryIndex.Storage.Tests;

public sealed class ImageDescriptionTests : IDisposable
{
    private readonly DistributionTree _tree = new();

    [Fact]
    public async Task The_annotation_of_the_manifest_comes_first() =>
        (await DescribeAsync(_tree.Manifest("annotated", "labelled"))).Should().Be("annotated");

    [Fact]
    public async Task Without_an_annotation_the_description_is_the_label_of_the_config() =>
        (await DescribeAsync(_tree.Manifest(annotation: null, "labelled"))).Should().Be("labelled");

    [Fact]
    public async Task A_blank_annotation_is_ignored() =>
        (await DescribeAsync(_tree.Manifest("  ", "labelled"))).Should().Be("labelled");

    [Fact]
    public async Task An_image_may_have_no_description() =>
        (await DescribeAsync(_tree.Manifest())).Should().BeNull();

    [Fact]
    public async Task The_description_of_a_Docker_schema_2_image_is_in_its_config() =>
        (await DescribeAsync(_tree.Manifest(label: "labelled", configType: "application/vnd.docker.container.image.v1+json")
            .Replace("application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json", StringComparison.Ordinal)))
            .Should().Be("labelled");

    [Fact]
    public async Task The_description_of_a_schema_1_image_is_in_its_newest_history_entry() =>
        (await DescribeAsync("""
            {"schemaVersion":1,"name":"web","tag":"latest","fsLayers":[{"blobSum":"sha256:0"}],"history":[
              {"v1Compatibility":"{\"id\":\"2\",\"config\":{\"Labels\":{\"org.opencontainers.image.description\":\"f\\u00fcr alle \\\"alten\\\"\"}}}"},
              {"v1Compatibility":"{\"id\":\"1\",\"config\":{\"Labels\":{\"org.opencontainers.image.description\":\"older\"}}}"}]}
            """)).Should().Be("für alle \"alten\"");

    [Theory]
    [InlineData("""{"schemaVersion":1,"history":[]}""")]
    [InlineData("""{"schemaVersion":1,"history":[{}]}""")]
    [InlineData("""{"schemaVersion":1,"history":[{"v1Compatibility":"{\"config\":null}"}]}""")]
    [InlineData("""{"annotations":{"org.opencontainers.image.description":17}}""")]
    [InlineData("""{"annotations":"org.opencontainers.image.description"}""")]
    [InlineData("""{"manifests":[]}""")]
    [InlineData("""{"manifests":7}""")]
    [InlineData("{}")]
    public async Task Manifests_without_annotations_and_config_have_no_description(string manifest) =>
        (await DescribeAsync(manifest)).Should().BeNull();

    [Fact]
    public async Task The_config_of_an_artifact_that_is_not_an_image_is_not_read()
    {
        var config = _tree.Blob("this is not JSON");
        (await DescribeAsync($$"""{"config":{"mediaType":"application/vnd.wasm.config.v0+json","digest":"{{config}}"} }""")).Should().BeNull();
    }

    [Fact]
    public async Task The_description_of_an_index_is_its_own_annotation() =>
        (await DescribeAsync(Index(DistributionTree.Described("of the index"), _tree.Manifest("of the image")))).Should().Be("of the index");

    [Fact]
    public async Task An_index_without_an_annotation_has_the_description_of_its_first_image() =>
        (await DescribeAsync(Index("null", _tree.Manifest("of the first", "labelled"), _tree.Manifest("of the second")))).Should().Be("of the first");

    [Fact]
    public async Task The_description_of_an_index_may_be_in_the_config_of_its_first_image() =>
        (await DescribeAsync(Index("null", _tree.Manifest(label: "labelled"), _tree.Manifest("of the second")))).Should().Be("labelled");

    [Fact]
    public async Task An_attestation_in_an_index_is_not_an_image()
    {
        var attestation = _tree.Blob(_tree.Manifest("of the attestation"));
        var image = _tree.Blob(_tree.Manifest("of the image"));
        (await DescribeAsync($$"""
            {"manifests":[{"digest":"{{attestation}}","annotations":{"vnd.docker.reference.type":"attestation-manifest"} },{"digest":"{{image}}"}]}
            """)).Should().Be("of the image");
    }

    [Fact]
    public async Task An_index_may_contain_an_index() =>
        (await DescribeAsync(Index("null", Index("null", _tree.Manifest("deep"))))).Should().Be("deep");

    [Fact]
    public async Task An_index_that_contains_itself_is_a_problem_and_not_an_endless_loop()
    {
        var digest = $"sha256:{new string('a', 64)}";
        _tree.BlobAt($"sha256/aa/{new string('a', 64)}", Encoding.UTF8.GetBytes($$"""{"manifests":[{"digest":"{{digest}}"}]}"""));
        (await ProblemAsync(digest)).Should().Contain("does not match its digest");
    }

    [Fact]
    public async Task Too_many_nested_indexes_are_a_problem()
    {
        var digest = _tree.Blob(_tree.Manifest("too deep"));
        for (var i = 0; i < 4; i++)
            digest = _tree.Blob($$"""{"manifests":[{"digest":"{{digest}}"}]}""");
        (await ProblemAsync(digest)).Should().Contain("index of indexes");
    }

    [Fact]
    public async Task A_blob_that_does_not_match_its_digest_is_a_problem_of_its_image()
    {
        var config = $"sha256:{new string('c', 64)}";
        _tree.BlobAt($"sha256/cc/{new string('c', 64)}", Encoding.UTF8.GetBytes(DistributionTree.Config("exchanged")));
        (await ProblemAsync(_tree.Blob($$"""{"config":{"digest":"{{config}}"} }"""))).Should().Contain($"the config {config} does not match its digest");
    }

    [Fact]
    public async Task Digests_may_be_sha512()
    {
        var hex = new string('b', 128);
        _tree.BlobAt($"sha512/bb/{hex}", Encoding.UTF8.GetBytes(_tree.Manifest("by sha512")));
        _tree.Tag("web", "latest", $"sha512:{hex}");
        (await _tree.ReadAsync()).Should().Equal(new Repository("web", "by sha512"));
    }

    [Fact]
    public async Task A_long_description_is_cut() =>
        (await DescribeAsync(_tree.Manifest(new string('x', 1000)))).Should().Be(new string('x', 349) + "…");

    [Fact]
    public async Task Escaped_and_unescaped_text_is_decoded() =>
        (await DescribeAsync(_tree.Manifest("""für 日本 📈, \"quoted\", C:\\dir\/x, \u00e9\ud83d\ude00, a\tb"""))).Should().Be("für 日本 📈, \"quoted\", C:\\dir/x, é😀, a\tb");

    [Fact]
    public async Task Half_of_a_surrogate_pair_becomes_a_replacement_character() =>
        (await DescribeAsync(_tree.Manifest("""half an \ud83d emoji"""))).Should().Be("half an \ufffd emoji");

    [Theory]
    [InlineData("""{"annot\ud83dxxxxxxxxxxxxxxxxxxxxx":1}""")]
    [InlineData("""{"annotations":{"\ud83dorg.opencontainers.image.description":"x"}}""")]
    public async Task Half_of_a_surrogate_pair_in_a_property_name_is_a_problem(string manifest) =>
        (await ProblemAsync(_tree.Blob(manifest))).Should().Contain("a property name that is not text");

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"annotations":""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public async Task A_manifest_that_is_not_a_JSON_object_is_a_problem(string manifest) =>
        (await ProblemAsync(_tree.Blob(manifest))).Should().StartWith("The description of tag 'latest' cannot be read: the manifest sha256:").And.Contain("JSON").And.EndWith(".");

    [Fact]
    public async Task A_manifest_that_is_not_text_is_a_problem() =>
        (await ProblemAsync(_tree.Blob([.. "{\"a\":\""u8, 0xff, 0xfe, .. "\"}"u8]))).Should().Contain("not UTF-8");

    [Fact]
    public async Task A_deeply_nested_manifest_is_a_problem() =>
        (await ProblemAsync(_tree.Blob("{\"a\":" + new string('[', 1_000_000)))).Should().Contain("is not valid JSON");

    [Fact]
    public async Task A_missing_manifest_is_a_problem()
    {
        var digest = $"sha256:{new string('0', 64)}";
        (await ProblemAsync(digest)).Should().Be($"The description of tag 'latest' cannot be read: the manifest {digest} is missing.");
    }

    [Fact]
    public async Task A_missing_config_is_a_problem()
    {
        var digest = $"sha256:{new string('0', 64)}";
        (await ProblemAsync(_tree.Blob($$"""{"config":{"digest":"{{digest}}"} }"""))).Should().Contain($"the config {digest} is missing");
    }

    [Fact]
    public async Task A_manifest_over_4_MiB_is_a_problem()
    {
        (await ProblemAsync(_tree.Blob(_tree.Manifest("big").PadRight((4 << 20) + 1)))).Should().Contain("larger than 4 MiB");
    }

    [Fact]
    public async Task A_manifest_of_4_MiB_is_read()
    {
        _tree.Tag("web", "latest", _tree.Blob(_tree.Manifest("big").PadRight(4 << 20)));
        (await _tree.ReadAsync()).Should().Equal(new Repository("web", "big"));
    }

    [Fact]
    public async Task A_config_over_8_MiB_is_a_problem()
    {
        var config = _tree.Blob(DistributionTree.Config("big").PadRight((8 << 20) + 1));
        (await ProblemAsync(_tree.Blob($$"""{"config":{"digest":"{{config}}"} }"""))).Should().Contain("larger than 8 MiB");
    }

    [Theory]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("sha256:../../../../../../etc/passwd")]
    [InlineData("sha256:0123")]
    [InlineData("sha256:ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("sha256:0000000000000000000000000000000000000000000000000000000000000000\n")]
    [InlineData("md5:d41d8cd98f00b204e9800998ecf8427e")]
    [InlineData("../sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task A_link_without_a_digest_is_a_problem(string link) =>
        (await ProblemAsync(link)).Should().Be("The description of tag 'latest' cannot be read: its current/link contains no digest.");

    [Fact]
    public async Task A_very_large_link_is_only_a_problem_of_its_image() =>
        (await ProblemAsync(new string('0', 1 << 20))).Should().Contain("contains no digest");

    [Theory]
    [InlineData("""{"config":{"digest":"sha256:../../secret"}}""", "the config of the manifest has no valid digest")]
    [InlineData("""{"config":{}}""", "the config of the manifest has no valid digest")]
    [InlineData("""{"manifests":[{"digest":"sha256:../../secret"}]}""", "an image of the index has no valid digest")]
    [InlineData("""{"manifests":[3]}""", "an image of the index has no valid digest")]
    public async Task A_digest_in_a_manifest_is_checked_before_it_becomes_a_path(string manifest, string problem) =>
        (await ProblemAsync(_tree.Blob(manifest))).Should().Contain(problem);

    [Fact]
    public async Task A_problem_does_not_prevent_the_reading_of_other_repositories()
    {
        _tree.Add("a", "fine");
        _tree.Tag("b", "latest", _tree.Blob("corrupt"));
        _tree.Add("c", "fine");
        var all = await _tree.Storage.ReadAllAsync();
        all.Select(stored => (stored.Repository.Name, stored.Repository.Description, stored.Problem is null))
            .Should().Equal(("a", "fine", true), ("b", null, false), ("c", "fine", true));
    }

    [Theory]
    [InlineData("v1\nERROR")]
    [InlineData("v1 2")]
    [InlineData("-v1")]
    public async Task An_invalid_tag_name_is_never_chosen_so_that_it_cannot_forge_lines_of_a_log(string tag)
    {
        _tree.Tag("web", tag, "corrupt");
        (await _tree.ReadOnlyOneAsync()).Should().Match<StoredRepository>(stored => stored.Repository.WithoutFacts() == new Repository("web") && stored.Problem == null);
    }

    [Fact]
    public async Task A_manifest_of_random_bytes_results_in_a_description_none_or_a_problem()
    {
        var whole = Encoding.UTF8.GetBytes(_tree.Manifest("""a \ud83d b""", "label") + """{"history":[{"v1Compatibility":"{}"}],"manifests":[]}""");
        var path = $"sha256/cc/{new string('c', 64)}";
        _tree.Tag("web", "latest", $"sha256:{new string('c', 64)}");
        await Gen.Select(Gen.Int[0, whole.Length], Gen.Byte.Array[0, 12], Gen.Int[0, 12], Gen.Bool).SampleAsync(
            async (at, bytes, drop, cut) =>
            {
                _tree.BlobAt(path, [.. whole[..at], .. bytes, .. cut ? [] : whole[Math.Min(at + drop, whole.Length)..]]);
                var stored = await _tree.ReadOnlyOneAsync();
                return stored.Repository.FindProblem() is null && (stored.Problem is null || stored.Repository.Description is null);
            },
            iter: 500,
            threads: 1);
    }

    [Fact]
    public async Task A_manifest_of_random_strings_results_in_a_description_none_or_a_problem()
    {
        string[] tokens = ["annotations", DistributionTree.Key, "manifests", "config", "history", "v1Compatibility", "digest", """\ud83d""", """ann\ud83dotations""", """org.open\udc00containers.image.description""", """\u0000""", "{", "}", "[", "]", ":", ",", "\"", "1", "null", "é"];
        var path = $"sha256/dd/{new string('d', 64)}";
        _tree.Tag("web", "latest", $"sha256:{new string('d', 64)}");
        var token = Gen.Int[0, tokens.Length - 1].Select(i => tokens[i]);
        var text = token.Where(t => t != "\"").Select(t => $"\"{t}\"");
        var strings = Gen.Select(text, text, (name, value) => $"{name}:{value}").Array[0, 4].Select(all => $"{{{string.Join(',', all)}}}");
        var document = Gen.OneOf(strings, token.Array[0, 20].Select(string.Concat));
        await document.SampleAsync(
            async json =>
            {
                _tree.BlobAt(path, Encoding.UTF8.GetBytes($$"""{"annotations":{{json}},"manifests":{{json}},"a\ud83d":{{json}}}"""));
                var stored = await _tree.ReadOnlyOneAsync();
                return stored.Repository.FindProblem() is null && (stored.Problem is null || stored.Repository.Description is null);
            },
            iter: 500,
            threads: 1);
    }

    public void Dispose() => _tree.Dispose();

    private async Task<string?> DescribeAsync(string manifest)
    {
        _tree.Tag("web", "latest", _tree.Blob(manifest));
        return (await _tree.ReadAsync()).Should().ContainSingle().Which.Description;
    }

    private async Task<string?> ProblemAsync(string link)
    {
        _tree.Tag("web", "latest", link);
        var stored = await _tree.ReadOnlyOneAsync();
        stored.Repository.WithoutFacts().Should().Be(new Repository("web"));
        return stored.Problem;
    }

    private string Index(string annotations, params string[] images) => $$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","annotations":{{annotations}},
         "manifests":[{{string.Join(',', images.Select(image => $$"""{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"{{_tree.Blob(image)}}"}"""))}}]}
        """;
}
