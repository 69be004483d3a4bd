using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Facts (contract 8.1 to 8.9).</summary>
internal static class FactsCases
{
    internal static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly RepositoryFacts Every = new()
    {
        Tag = "1.2",
        DescriptionTag = "1.1",
        TagCount = 3,
        Digest = "sha256:" + new string('a', 64),
        MediaType = "application/vnd.oci.image.index.v1+json",
        ArtifactType = "application/vnd.oci.image.config.v1+json",
        Kind = ArtifactKind.Image,
        Platforms = ["linux/amd64", "linux/arm/v7"],
        Size = 12_345_678_901,
        SizePlatform = "linux/amd64",
        CreatedAt = Noon.AddYears(-1),
        PushedAt = Noon.AddMilliseconds(7),
        IsSigned = true,
        IsDeprecated = true,
        Title = "Größe \"x\" \\ <b>'😀'\n%",
        Vendor = "Zürich\u0000\u2028",
        Licenses = ["MIT", "Apache-2.0"],
        Version = "1.2.3+4",
        Revision = "abc",
        Source = "example.com/source?a=b&c='d'",
        Url = "example.com",
        Documentation = "example.com/docs",
        BaseName = "docker.io/library/alpine:3.20",
        OtherImages = ["1.0@sha256:4567", "sha256-0123@sha512:89ab"],
    };

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("an-index-is-as-its-capabilities-say", ["8.5", "8.9", "8.10"],
            "An index says before it is initialized whether it keeps facts and orders by push; one that does not stores as if there were no facts, and refuses the order.",
            "A server would show facts that are not kept, or a list in another order than it says.",
            CapabilitiesAsync),
        new("facts-come-back-as-they-were", ["8.1", "8.2", "8.5"],
            "Facts come back field for field, by get, list, scan and search.",
            "People would read wrong sizes, platforms or times, or see facts on one page and not on the other.",
            ComeBackAsync),
        new("the-longest-facts-are-kept", ["8.3", "8.4"],
            "Facts of 3,072 bytes are stored completely; values over their limits are stored cut and never refused.",
            "An image with a long label would not be in the index at all.",
            LongestAsync),
        new("a-write-without-facts-leaves-them", ["8.6", "8.7"],
            "An upsert without facts leaves the stored ones, and says of what else it did.",
            "Every source that knows descriptions only would wipe what the others know.",
            WithoutAsync),
        new("a-write-with-facts-replaces-them", ["8.7", "2.1"],
            "An upsert with facts replaces all of them. It says Updated if only the facts differ, and Unchanged if they are equal.",
            "A repository would show the platforms of one image and the size of another.",
            ReplaceAsync),
        new("facts-that-are-there-write-nothing", ["8.7", "2.2"],
            "An upsert or import of facts that are there writes nothing into the store.",
            "Every re-sync would write the whole index again.",
            WriteNothingAsync, Capability.WriteCounts),
        new("the-time-of-the-last-push-never-goes-back", ["8.7"],
            "The time of the last push is the latest of all that were written, in any order and with any number of concurrent writers.",
            "An event that comes late would make a fresh image look old.",
            NeverBackAsync),
        new("an-import-takes-facts", ["8.8", "8.6", "8.7"],
            "An import writes facts like an upsert, even if it keeps descriptions, and counts changes of facts alone.",
            "A first load or a migration would lose the facts, or the time of the last push.",
            ImportAsync),
        new("facts-are-not-searched", ["8.5"],
            "Searches have the same results in the same order with and without facts.",
            "Searches would find by a title or a vendor on one provider only.",
            NotSearchedAsync),
        new("a-delete-takes-the-facts", ["8.12", "2.3"],
            "A repository that is added again has none of the facts of the deleted one, and its facts are replaced whole.",
            "A new repository would show the size and the push of one that is gone.",
            DeleteAsync),
    ];

    /// <summary>Opens an index that keeps facts.</summary>
    /// <exception cref="NotApplicableException">The provider does not keep facts.</exception>
    internal static async Task<IRegistryIndex> OpenAsync(CaseRun run, IndexCapabilities needed = IndexCapabilities.Facts)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        return index.Capabilities.HasFlag(needed)
            ? index
            : throw new NotApplicableException(needed == IndexCapabilities.Facts ? "The index keeps no facts." : "The index has no order by last push.");
    }

    internal static Repository Pushed(string name, DateTimeOffset? at, string? description = null) => new(name, description, new() { Tag = "latest", PushedAt = at });

    private static async Task CapabilitiesAsync(CaseRun run)
    {
        var index = await run.OpenBareAsync().ConfigureAwait(false);
        var capabilities = index.Capabilities;
        var (keeps, orders) = (capabilities.HasFlag(IndexCapabilities.Facts), capabilities.HasFlag(IndexCapabilities.OrderByPush));
        Expect.That(keeps || !orders, "an index that orders by push to keep facts", $"the capabilities {capabilities}");
        await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
        Expect.Equal(capabilities, index.Capabilities, "the capabilities after it is initialized");
        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(Pushed("app", Noon, "text"), run.Cancellation).ConfigureAwait(false), "an upsert with facts");
        Expect.Equal(keeps ? UpsertOutcome.Updated : UpsertOutcome.Unchanged, await index.UpsertAsync(Pushed("app", Noon.AddDays(1), "text"), run.Cancellation).ConfigureAwait(false), "an upsert with other facts");
        var imported = await index.ImportAsync(((Repository[])[Pushed("app", Noon.AddDays(2), "text")]).ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal(keeps ? new ImportResult { Updated = 1 } : new() { Unchanged = 1 }, imported, "an import with other facts");
        await run.HoldsAsync(index, keeps ? Pushed("app", Noon.AddDays(2), "text") : new("app", "text")).ConfigureAwait(false);
        var request = new SearchRequest("", order: SearchOrder.Pushed);
        if (orders)
            Expect.Equal(1, (await index.SearchAsync(request, run.Cancellation).ConfigureAwait(false)).Repositories.Count, "repositories in the order of the last push");
        else
            await Expect.ThrowsAsync<ArgumentException>(() => index.SearchAsync(request, run.Cancellation), "a search in the order of the last push").ConfigureAwait(false);
    }

    private static async Task ComeBackAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        Repository[] all =
        [
            new("every", "text", Every), new("only/facts", null, Every with { Kind = ArtifactKind.Chart, Size = 0, TagCount = 0 }), new("one", "text", new() { IsSigned = true }),
            .. Enum.GetValues<ArtifactKind>().Select(kind => new Repository($"kind/{(int)kind}", null, new() { Kind = kind })),
            new("none", "text"), new("old", null, new() { PushedAt = new(1981, 1, 1, 0, 0, 0, TimeSpan.Zero) }), new("late", null, new() { PushedAt = DateTimeOffset.MaxValue, CreatedAt = DateTimeOffset.MaxValue }),
        ];
        await run.StoreAsync(index, all).ConfigureAwait(false);
        await run.HoldsAsync(index, all).ConfigureAwait(false);
        var scanned = await index.ScanAsync(cancellationToken: run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false);
        Repository[] inOrder = [.. all.OrderBy(repository => repository.Name, CodePointOrder.Comparer)];
        Expect.Repositories(inOrder, [.. scanned.OrderBy(repository => repository.Name, CodePointOrder.Comparer)], "scan, in the order of names");
        Expect.Repositories(inOrder[..2], await index.ListAsync(null, 2, run.Cancellation).ToListAsync(run.Cancellation).ConfigureAwait(false), "list of 2");
        Repository[] found = [all[0], all[2], new("none", "text")];
        foreach (var (query, expected) in ((string, Repository[])[])[("every", [all[0]]), ("facts", [all[1]]), ("ly/f", [all[1]])])
        {
            var page = index.SearchAsync(new(query), run.Cancellation);
            Expect.Repositories(expected, [.. (await page.ConfigureAwait(false)).Repositories], $"search {Show.Text(query)}");
        }

        var byText = await Model.ResultPages.AllAsync(index, "text", 2, run.Cancellation).ConfigureAwait(false);
        Expect.Repositories([.. found.OrderBy(repository => repository.Name, CodePointOrder.Comparer)], [.. byText.OrderBy(repository => repository.Name, CodePointOrder.Comparer)], "search \"text\", in the order of names");
    }

    private static async Task LongestAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        var full = new RepositoryFacts { Url = new('u', 1_024), Source = new('s', 1_024), Documentation = "d" };
        full = full with { Documentation = new('d', 1 + RepositoryFacts.MaxJsonBytes - full.ToJson().Length) };
        string[] texts = [new('x', 1_024), new('"', 256), new('\u0001', 256), new('ä', 256), string.Concat(Enumerable.Repeat("😀", 256))];
        Repository[] all = [.. texts.Select((text, i) => new Repository($"long/{i}", null, Every with
        {
            Title = "x" + text,
            Vendor = "x" + text,
            Version = "x" + text,
            Revision = "x" + text,
            BaseName = "x" + text,
            Source = "x" + text,
            Url = text,
            Documentation = text,
            Licenses = [.. Enumerable.Repeat("x" + text, 20)],
            Platforms = [.. Enumerable.Range(0, 30).Select(p => $"linux/p{p}")],
            Tag = text,
            OtherImages = [text],
        })), new("full", null, full)];
        await run.StoreAsync(index, all).ConfigureAwait(false);
        await run.HoldsAsync(index, all).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Unchanged = all.Length }, await index.ImportAsync(all.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false), "an import of the same");
    }

    private static async Task WithoutAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("app", "text", Every)).ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(new("app", "text"), run.Cancellation).ConfigureAwait(false), "an upsert of the same without facts");
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("app", "other"), run.Cancellation).ConfigureAwait(false), "an upsert of another description without facts");
        await run.HoldsAsync(index, new Repository("app", "other", Every)).ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("app"), run.Cancellation).ConfigureAwait(false), "an upsert without a description and facts");
        await run.HoldsAsync(index, new Repository("app", null, Every)).ConfigureAwait(false);
    }

    private static async Task ReplaceAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        var few = new RepositoryFacts { Tag = "2.0", PushedAt = Every.PushedAt };
        await run.StoreAsync(index, new Repository("app", "text", Every)).ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(new("app", "text", Every), run.Cancellation).ConfigureAwait(false), "an upsert of the same facts");
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("app", "text", few), run.Cancellation).ConfigureAwait(false), "an upsert of other facts");
        await run.HoldsAsync(index, new Repository("app", "text", few)).ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(new("app", "text", few with { PushedAt = null }), run.Cancellation).ConfigureAwait(false), "an upsert of the same facts without the time of the push");
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("app", null, Every), run.Cancellation).ConfigureAwait(false), "an upsert of facts without the description");
        await run.HoldsAsync(index, new Repository("app", null, Every)).ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("bare", "text")).ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("bare", "text", few), run.Cancellation).ConfigureAwait(false), "an upsert of facts for a repository without facts");
        await run.HoldsAsync(index, new("app", null, Every), new("bare", "text", few)).ConfigureAwait(false);
    }

    private static async Task WriteNothingAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        Repository[] all = [new("app", "text", Every), Pushed("bare", Noon)];
        await run.StoreAsync(index, all).ConfigureAwait(false);
        var before = await CountAsync(run).ConfigureAwait(false);
        await run.StoreAsync(index, [.. all, new("app", "text"), Pushed("bare", Noon.AddDays(-1)), Pushed("bare", null)]).ConfigureAwait(false);
        await index.ImportAsync(all.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal(before, await CountAsync(run).ConfigureAwait(false), "the count of writes after facts that are there");
        await run.StoreAsync(index, Pushed("bare", Noon.AddDays(1))).ConfigureAwait(false);
        var after = await CountAsync(run).ConfigureAwait(false);
        Expect.That(after > before, "the harness to count the write of a later push", $"{before} before and {after} after");

        static Task<long> CountAsync(CaseRun run) => run.WithScratchAsync("count the writes", scratch => scratch.CountWritesAsync(run.Cancellation));
    }

    private static async Task NeverBackAsync(CaseRun run)
    {
        var one = await OpenAsync(run).ConfigureAwait(false);
        IRegistryIndex[] indexes = run.Can(Capability.SeveralProcesses) ? [one, await run.OpenAsync().ConfigureAwait(false)] : [one];
        foreach (var days in (int[])[2, 1, 3, -1, 0])
            await run.StoreAsync(one, Pushed("app", Noon.AddDays(days))).ConfigureAwait(false);
        await run.HoldsAsync(one, Pushed("app", Noon.AddDays(3))).ConfigureAwait(false);
        await run.StoreAsync(one, [new("app", null, new() { Tag = "other" }), new("app", "text")]).ConfigureAwait(false);
        await run.HoldsAsync(one, new Repository("app", "text", new() { Tag = "other", PushedAt = Noon.AddDays(3) })).ConfigureAwait(false);
        for (var round = 0; round < 3; round++)
        {
            var first = Noon.AddYears(round + 1);
            await run.AtOnceAsync(12, i => indexes[i % indexes.Length].UpsertAsync(Pushed("app", first.AddDays((i * 7) % 12), "text"), run.Cancellation)).ConfigureAwait(false);
            foreach (var index in indexes)
                await run.HoldsAsync(index, Pushed("app", first.AddDays(11), "text")).ConfigureAwait(false);
        }
    }

    private static async Task ImportAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        await run.StoreAsync(index, new("described", "text", Every), new("bare", "text"), new("left", "text", Every)).ConfigureAwait(false);
        Repository[] stream = [new("described", null, new() { Tag = "2.0" }), Pushed("bare", Noon), new("left"), Pushed("new", Noon), Pushed("new", Noon.AddDays(-1), "later")];
        var result = await index.ImportAsync(stream.ToAsyncEnumerable(), new() { KeepDescriptions = true }, run.Cancellation).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 1, Updated = 3, Unchanged = 1 }, result, "an import of facts that keeps descriptions");
        await run.HoldsAsync(index, new("described", "text", new() { Tag = "2.0", PushedAt = Every.PushedAt }), Pushed("bare", Noon, "text"), new("left", "text", Every), Pushed("new", Noon, "later")).ConfigureAwait(false);
        Repository[] plain = [new("described", "new"), new("bare", "text", Every)];
        Expect.Equal(new ImportResult { Updated = 2 }, await index.ImportAsync(plain.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false), "an import");
        await run.HoldsAsync(index, new("described", "new", new() { Tag = "2.0", PushedAt = Every.PushedAt }), new("bare", "text", Every), new("left", "text", Every), Pushed("new", Noon, "later")).ConfigureAwait(false);
    }

    private static async Task NotSearchedAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        await run.StoreAsync(index, new("web/one", "text", new() { Title = "needle", Vendor = "needle", Tag = "needle", PushedAt = Noon }), new("web/two", "text", new() { PushedAt = Noon.AddDays(1) }), new("web/three", "needle")).ConfigureAwait(false);
        await run.FindsAsync(index, "needle", "web/three").ConfigureAwait(false);
        await run.FindsAsync(index, "web", "web/one", "web/three", "web/two").ConfigureAwait(false);
        await run.FindsAsync(index, "", "web/one", "web/three", "web/two").ConfigureAwait(false);
        await run.FindsAsync(index, "image").ConfigureAwait(false);
    }

    private static async Task DeleteAsync(CaseRun run)
    {
        var index = await OpenAsync(run).ConfigureAwait(false);
        await run.StoreAsync(index, new("app", "text", Every), new("app2", "text", Every)).ConfigureAwait(false);
        Expect.Equal(true, await index.DeleteAsync("app", run.Cancellation).ConfigureAwait(false), "delete app");
        await run.HoldsAsync(index, new Repository("app2", "text", Every)).ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("app", "text"), run.Cancellation).ConfigureAwait(false), "an upsert after the delete");
        await run.HoldsAsync(index, new("app", "text"), new("app2", "text", Every)).ConfigureAwait(false);
        Expect.Equal(true, await index.DeleteAsync("app2", run.Cancellation).ConfigureAwait(false), "delete app2");
        await index.ImportAsync(((Repository[])[Pushed("app2", Noon.AddDays(-1))]).ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        await run.HoldsAsync(index, new("app", "text"), Pushed("app2", Noon.AddDays(-1))).ConfigureAwait(false);
    }
}
