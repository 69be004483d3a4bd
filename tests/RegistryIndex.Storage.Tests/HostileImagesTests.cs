using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using RegistryIndex.Sources;
using RegistryIndex.Storage.Trees;

namespace RegistryIndex.Storage.Tests;

/// <summary>Manifests that are made to be read for ever, and random ones compared with a model.</summary>
public sealed class HostileImagesTests : IDisposable
{
    private const int MostReads = 4 + 24; // one manifest for each tag that is read, and the manifests that they refer to
    private readonly DistributionTree _tree = new();
    private int _missing;

    public void Dispose() => _tree.Dispose();

    [Theory]
    [InlineData("""{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000"}""", 9, "none of its images exists")]
    [InlineData("""{"digest":"nonsense"}""", 1, "no valid digest")]
    [InlineData("7", 1, "no valid digest")]
    [InlineData("""{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","annotations":{"vnd.docker.reference.type":"attestation-manifest"}}""", 1, null)]
    [InlineData("""{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","platform":{"os":"unknown","architecture":"unknown"}}""", 1, null)]
    [InlineData("""{"digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","mediaType":"application/vnd.oci.image.layer.v1.tar+gzip"}""", 1, null)]
    public async Task An_index_with_thousands_of_entries_costs_a_few_reads(string entry, int reads, string? problem)
    {
        _tree.Tag("web", "latest", _tree.Blob($$"""{"manifests":[{{string.Join(',', Enumerable.Repeat(entry, 15_000))}}]}"""));
        var (stored, files) = await ReadAsync();
        files.Should().Be(reads);
        if (problem is null)
            stored.Problem.Should().BeNull();
        else
            stored.Problem.Should().Contain(problem);
    }

    [Fact]
    public async Task The_reading_of_indexes_of_many_indexes_ends()
    {
        var entries = Enumerable.Range(0, 8).Select(i => Entry(_tree.Blob(_tree.Manifest(label: $"deep down {i}")))).ToList();
        for (var level = 0; level < 5; level++)
            entries = [.. Enumerable.Range(0, 8).Select(i => Entry(_tree.Blob($$"""{"level":"{{level}}.{{i}}","manifests":[{{string.Join(',', entries)}}]}""")))];
        foreach (var (tag, entry) in ((string[])["latest", "1.0", "1.1", "1.2", "1.3"]).Zip(entries))
            _tree.Tag("web", tag, JsonNode.Parse(entry)!["digest"]!.GetValue<string>());
        var (stored, files) = await ReadAsync();
        files.Should().BeLessThanOrEqualTo(MostReads);
        stored.Repository.Description.Should().BeNull();
        stored.Problem.Should().Contain("index of indexes, more than 3 deep");
    }

    [Fact]
    public async Task An_index_that_contains_itself_does_not_match_its_digest()
    {
        string[] digests = [$"sha256:{new string('a', 64)}", $"sha256:{new string('b', 64)}"];
        foreach (var (digest, other) in digests.Zip(digests.Reverse()))
            _tree.BlobAt($"sha256/{digest[7..9]}/{digest[7..]}", Encoding.UTF8.GetBytes($$"""{"manifests":[{{Entry(other)}},{{Entry(digest)}}]}"""));
        _tree.Tag("web", "latest", digests[0]);
        var (stored, files) = await ReadAsync();
        files.Should().BeLessThanOrEqualTo(MostReads);
        stored.Problem.Should().Contain($"the manifest {digests[1]} does not match its digest");
    }

    [Fact]
    public async Task The_largest_index_is_read_once()
    {
        var padding = new string('x', 100);
        _tree.Tag("web", "latest", _tree.Blob($$"""{"a":"{{padding}}","manifests":[{{string.Join(',', Enumerable.Repeat($$"""{"mediaType":"{{padding}}"}""", 35_000))}}],"annotations":{{DistributionTree.Described("huge")}}}"""));
        (await ReadAsync()).Should().Match<(StoredRepository Stored, int Reads)>(read => read.Stored.Repository.Description == "huge" && read.Reads == 1);
    }

    [Fact]
    public async Task Random_JSON_results_in_a_description_none_or_a_problem()
    {
        string[] names = ["manifests", "annotations", "config", "history", "mediaType", "digest", "platform", "os", "architecture", "Labels", "description", "v1Compatibility", "vnd.docker.reference.type", DistributionTree.Key];
        string[] known = ["@0", "@1", "@2", "@3"]; // digests of earlier manifests, and of one that does not exist
        string[] texts = ["x", " ", "unknown", "application/vnd.oci.image.config.v1+json", "application/vnd.oci.image.index.v1+json", "application/vnd.cncf.helm.config.v1+json", "application/vnd.buildkit.cacheconfig.v0", "{}", .. known];
        var leaf = Gen.OneOf<JsonNode?>(Gen.Int[-1, 3].Select(i => (JsonNode?)i), Gen.Bool.Select(b => (JsonNode?)b), Gen.Int[0, texts.Length - 1].Select(i => (JsonNode?)texts[i]), Gen.Const<JsonNode?>(() => null));
        var json = Gen.Recursive<JsonNode?>((depth, rest) => depth == 4 ? leaf : Gen.Frequency(
            (1, leaf),
            (2, rest.Array[0, 4].Select(nodes => (JsonNode?)new JsonArray(nodes))),
            (4, Gen.Select(Gen.Int[0, names.Length - 1].Select(i => names[i]), rest).Array[0, 5].Select(pairs => (JsonNode?)new JsonObject(pairs.DistinctBy(pair => pair.Item1).Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2)))))));
        await json.Array[4].SampleAsync(
            async documents =>
            {
                var missing = $"sha256:{new string('0', 64)}";
                var digests = Enumerable.Repeat(missing, known.Length).ToArray();
                for (var i = 0; i < documents.Length; i++)
                {
                    var text = known.Zip(digests).Aggregate(documents[i]?.ToJsonString() ?? "null", (json, pair) => json.Replace(pair.First, pair.Second, StringComparison.Ordinal));
                    digests[i] = _tree.Blob(text);
                    _tree.Tag("web", $"{i + 1}", digests[i]);
                }

                var (stored, reads) = await ReadAsync();
                return reads <= 3 * MostReads && stored.Repository.FindProblem() is null && stored.Failure is null; // at most three rounds
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public async Task Random_indexes_have_the_description_of_the_first_image_with_one()
    {
        var image = Gen.Frequency<Node>((2, Gen.Const(() => new Node("silent", []))), (1, Gen.Int[0, 99].Select(i => new Node($"says {i}", []))), (1, Gen.Const(() => new Node("missing", []))), (1, Gen.Const(() => new Node("broken", []))), (1, Gen.Const(() => new Node("layer", []))), (1, Gen.Const(() => new Node("attestation", []))));
        var node = Gen.Recursive<Node>((depth, rest) => depth == 2 ? image : Gen.Frequency((3, image), (1, rest.Array[0, 3].Select(children => new Node("index", children)))));
        await node.Array[0, 5].Select(children => new Node("index", children)).Where(index => index.Reads <= 24).SampleAsync(
            async index =>
            {
                _tree.Tag("web", "latest", Push(index)["digest"]!.GetValue<string>());
                var (stored, _) = await ReadAsync();
                var said = index.Images.FirstOrDefault(found => found.Kind.StartsWith("says", StringComparison.Ordinal))?.Kind;
                var isReadable = !index.Images.Any(found => found.Kind == "broken") && !index.HasEmptied;
                return stored.Repository.Description == said && (stored.Problem is null) == (said is not null || isReadable);
            },
            iter: 300,
            threads: 1);
    }

    private async Task<(StoredRepository Stored, int Reads)> ReadAsync()
    {
        var tree = new WatchedTree(new LocalTree(_tree.Path));
        var stored = (await TestStorage.Of(tree).FindAsync("web", cancellationToken: TestContext.Current.CancellationToken))!;
        return (stored, tree.Files.Count(file => file.Contains("/blobs/", StringComparison.Ordinal)));
    }

    private static string Entry(string digest) => $$"""{"digest":"{{digest}}"}""";

    private JsonObject Push(Node node)
    {
        var entry = new JsonObject { ["mediaType"] = "application/vnd.oci.image.manifest.v1+json" };
        entry["digest"] = node.Kind switch
        {
            "index" => _tree.Blob(new JsonObject { ["manifests"] = new JsonArray([.. node.Children.Select(Push)]) }.ToJsonString()),
            "missing" or "layer" => $"sha256:{_missing++:x64}",
            "broken" => _tree.Blob("{"),
            "attestation" => _tree.Blob(_tree.Manifest("of the attestation")),
            "silent" => _tree.Blob(_tree.Manifest()),
            _ => _tree.Blob(_tree.Manifest(label: node.Kind)),
        };
        if (node.Kind == "index")
            entry["mediaType"] = "application/vnd.oci.image.index.v1+json";
        if (node.Kind == "layer")
            entry["mediaType"] = "application/vnd.oci.image.layer.v1.tar";
        if (node.Kind == "attestation")
            entry["annotations"] = new JsonObject { ["vnd.docker.reference.type"] = "attestation-manifest" };
        return entry;
    }

    /// <summary>An image of a kind, or an index of others.</summary>
    private sealed record Node(string Kind, Node[] Children)
    {
        public IEnumerable<Node> Images => Kind == "index" ? Children.SelectMany(child => child.Images) : [this];

        /// <summary>The maximum number of reads.</summary>
        public int Reads => Kind switch { "index" => 1 + Children.Sum(child => child.Reads), "layer" or "attestation" => 0, "missing" or "broken" => 1, _ => 2 };

        /// <summary>Whether it is, or contains, an index whose images are all missing.</summary>
        public bool HasEmptied => Kind == "index" && (Children.Any(child => child.HasEmptied)
            || (Children.Any(child => child.Kind == "missing") && Children.All(child => child.Kind is "missing" or "layer" or "attestation")));
    }
}
