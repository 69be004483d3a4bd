using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>The order of search results (contract 4).</summary>
internal static class RankingCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-name-or-end-of-one-that-equals-the-word-comes-first", ["4.5"],
            "A name, or a last segment of one, that equals the word comes first; the shorter text from the match on comes before the longer.",
            "A user who types 'ubuntu' would not see ubuntu first.",
            EqualAsync),
        new("segment-starts-come-before-other-places", ["4.5", "4.6"],
            "A name with the word at the start of a path segment comes before any name that has it elsewhere.",
            "The likely hits would stand behind the accidental ones.",
            SegmentAsync),
        new("the-last-segment-counts-and-then-the-earliest", ["4.5"],
            "If the last path segment starts with the word it counts; otherwise, of several segments that do, the earliest.",
            "Providers would order differently, and pages continued on another would miss or repeat.",
            LastSegmentAsync),
        new("elsewhere-in-the-name-the-earliest-place-counts", ["4.6"],
            "Elsewhere in the name, the earliest place counts, and the text from there to the end of the name.",
            "Providers would order differently, and pages continued on another would miss or repeat.",
            ElsewhereAsync),
        new("descriptions-come-last", ["4.7"],
            "What has the word only in its description comes after all that have it in the name; a match in both counts as the name's.",
            "A repository that merely mentions another would hide it.",
            DescriptionsAsync),
        new("a-description-ranks-by-the-rest-of-the-word", ["4.7"],
            "Descriptions are ordered by the text from the earliest match to the end of that word, at any white space, and then by name.",
            "Providers would order differently, and pages continued on another would miss or repeat.",
            RestOfWordAsync),
        new("a-long-word-ranks-by-its-first-64-code-points", ["4.7"],
            "Of a long word 64 code points from the match on take part in the order, however large they are; then the name decides.",
            "Providers would order differently, and pages continued on another would miss or repeat.",
            CutAsync),
        new("of-equals-library-comes-first-and-then-the-shorter-name", ["4.8"],
            "Of repositories with the same text from the match on those under library/ come first, then the shorter names; then the name decides, by code point: upper case first, '-' before '/'.",
            "The order would change from search to search, and pages would miss or repeat.",
            EqualsAsync),
        new("text-is-ordered-by-code-point", ["4.7"],
            "Text is ordered by code point: an emoji comes after U+FFFD, and accents have no order of a language.",
            "An order by UTF-16 unit or by a collation differs from that of the other providers.",
            CodePointAsync),
        new("the-last-word-ranks", ["4.9"],
            "Of several words the last ranks; the others only filter.",
            "The same words would give another order on each provider.",
            LastWordAsync),
        new("tiers-follow-each-other-over-pages", ["4.5", "4.6", "4.7", "4.8", "5.2"],
            "Pages of any size go through all three kinds of matches in the order of the contract.",
            "At the seams between names and descriptions results would be lost.",
            TiersAsync),
        new("odd-names-of-a-predecessor-rank-by-the-same-rules", ["1.6", "4.5", "4.6", "4.7", "4.8", "4.9"],
            "Names of a predecessor with empty segments, spaces, accents and emoji are found in the order of the reference, over pages of all sizes.",
            "Providers would order differently, and pages continued on another would miss or repeat.",
            OddNamesAsync, Capability.Predecessor),
    ];

    private static async Task EqualAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await StoreAsync(run, index, "library/ubuntu-core", "ubuntu/nginx", "zoo/ubuntu", "ubuntu-dev", "a/b/ubuntu", "ubuntu22", "ubuntu", "UBUNTU.old").ConfigureAwait(false);
        await run.FindsAsync(index, "ubuntu", "ubuntu", "a/b/ubuntu", "zoo/ubuntu", "library/ubuntu-core", "ubuntu-dev", "UBUNTU.old", "ubuntu/nginx", "ubuntu22").ConfigureAwait(false);
        await run.FindsAsync(index, "b/ubuntu", "a/b/ubuntu").ConfigureAwait(false);
        await StoreAsync(run, index, Long("long", "b"), Long("long", "ac"), Long("x/long", "ab")).ConfigureAwait(false);
        await run.FindsAsync(index, "long", Long("x/long", "ab"), Long("long", "ac"), Long("long", "b")).ConfigureAwait(false);
    }

    private static async Task SegmentAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await StoreAsync(run, index, "0web", "my-web", "zz/webz", "a/b-web", "web9", "a.web/x").ConfigureAwait(false);
        await run.FindsAsync(index, "web", "web9", "zz/webz", "0web", "my-web", "a/b-web", "a.web/x").ConfigureAwait(false);
    }

    private static async Task LastSegmentAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await StoreAsync(run, index, "app/z/app", "app/y", "x/app/app", "appendix", "q/app", "app/app/z").ConfigureAwait(false);
        string[] sorted = ["q/app", "app/z/app", "x/app/app", "app/app/z", "app/y", "appendix"];
        await run.FindsAsync(index, "app", sorted).ConfigureAwait(false);
        await run.FindsAsync(index, "a", sorted).ConfigureAwait(false);
        await run.FindsAsync(index, "app/a", "x/app/app", "app/app/z").ConfigureAwait(false);
    }

    private static async Task ElsewhereAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await StoreAsync(run, index, "x-ab-zz-ab", "y-ab-b", "x1ab", "aab", "qab0ab").ConfigureAwait(false);
        await run.FindsAsync(index, "ab", "aab", "x1ab", "y-ab-b", "x-ab-zz-ab", "qab0ab").ConfigureAwait(false);
        await StoreAsync(run, index, Long("long", "b"), Long("long", "ac"), Long("xx-long", "ab")).ConfigureAwait(false);
        await run.FindsAsync(index, "ong", Long("xx-long", "ab"), Long("long", "ac"), Long("long", "b")).ConfigureAwait(false);
    }

    private static async Task DescriptionsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("aaa", "web"), new("zz-web"), new("bbb", "the web"), new("zzz/web", "aaa"), new("my-web", "web")).ConfigureAwait(false);
        await run.FindsAsync(index, "web", "zzz/web", "my-web", "zz-web", "aaa", "bbb").ConfigureAwait(false);
    }

    private static async Task RestOfWordAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index,
            new("f", "server aaa"), new("e", "servers aaa"), new("d", "Server zzz"), new("c", "my webserver, really"), new("b", "a serve server"), new("a", "serving servers first, server"),
            new("h", "server\u00a0aaa"), new("g", "server\u2003zzz"), new("i", "servera")).ConfigureAwait(false);
        await run.FindsAsync(index, "server", "b", "d", "f", "g", "h", "c", "i", "a", "e").ConfigureAwait(false);
        await run.FindsAsync(index, "serv", "b", "d", "f", "g", "h", "c", "i", "e", "a").ConfigureAwait(false);
    }

    private static async Task CutAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var (latin, faces) = (new string('x', 60), string.Concat(Enumerable.Repeat("😀", 60)));
        await run.StoreAsync(index,
            new("a", $"zz{latin}zzz"), new("b", $"zz{latin}aaz"), new("c", $"zz{latin}aay"), new("d", $"zz{latin}aa"), new("e", $"zz{latin}a"),
            new("f", $"qq{faces}aaz"), new("g", $"qq{faces}aay"), new("h", $"qq{faces}ab"), new("i", $"qq{faces}a")).ConfigureAwait(false);
        await run.FindsAsync(index, "zzxx", "e", "b", "c", "d", "a").ConfigureAwait(false);
        await run.FindsAsync(index, "zx", "e", "d", "c", "b", "a").ConfigureAwait(false);
        await run.FindsAsync(index, "qq", "i", "f", "g", "h").ConfigureAwait(false);
    }

    private static async Task EqualsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index,
            new("x/app"), new("app"), new("App"), new("X/app"), new("x-1/app"), new("x_1/app"), new("APP"),
            new("library/app"), new("library/z/app"), new("my-library/app"), new("library2/app"), new("zz/library/app"),
            new("b-ab"), new("B-ab"), new("a-ab"), new("aa-ab"), new("library/x-ab"), new("Library/y-ab"),
            new("n2", "text"), new("N1", "TEXT"), new("n1", "Text"), new("n01", "text"), new("library/n", "text")).ConfigureAwait(false);
        await run.FindsAsync(
            index, "app",
            "library/app", "library/z/app", "APP", "App", "app", "X/app", "x/app", "x-1/app", "x_1/app", "library2/app", "my-library/app", "zz/library/app").ConfigureAwait(false);
        await run.FindsAsync(index, "ab", "Library/y-ab", "library/x-ab", "B-ab", "a-ab", "b-ab", "aa-ab").ConfigureAwait(false);
        await run.FindsAsync(index, "text", "library/n", "N1", "n1", "n2", "n01").ConfigureAwait(false);
        string[] namespaces = [new('z', 120), new('y', 150), new('x', 240)];
        await StoreAsync(run, index, [.. namespaces.Reverse().Select(name => $"{name}/equal")]).ConfigureAwait(false);
        await run.FindsAsync(index, "equal", [.. namespaces.Select(name => $"{name}/equal")]).ConfigureAwait(false);
    }

    private static async Task CodePointAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] sorted = ["-", "0", "a", "z", "~", "ä", "é", "ж", "日", "한", "\uE000", "ﬀ", "\uFFFD", "𐐨", "😀", "😁"];
        foreach (var place in (int[])[14, 3, 8, 0, 12, 15, 6, 1, 10, 4, 13, 2, 9, 5, 11, 7])
            await run.StoreAsync(index, new Repository($"r{(place * 7) % 16:d2}", $"xx{sorted[place]}")).ConfigureAwait(false);
        await run.FindsAsync(index, "xx", [.. sorted.Select((_, place) => $"r{(place * 7) % 16:d2}")]).ConfigureAwait(false);
    }

    private static async Task LastWordAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("web/shopping", "ab"), new("shopping/web", "ab"), new("z", "web shoppinga 😀😀😀"), new("y", "weba shoppingb 😀😀😀b"), new("x", "webc shopping 😀😀😀a")).ConfigureAwait(false);
        string[] byWeb = ["shopping/web", "web/shopping", "z", "y", "x"];
        await run.FindsAsync(index, "web shopping", "web/shopping", "shopping/web", "x", "z", "y").ConfigureAwait(false);
        await run.FindsAsync(index, "shopping web", byWeb).ConfigureAwait(false);
        await run.FindsAsync(index, "web shopping web", byWeb).ConfigureAwait(false);
        await run.FindsAsync(index, "shopping we", byWeb).ConfigureAwait(false);
        await run.FindsAsync(index, "shopping w", "shopping/web", "web/shopping").ConfigureAwait(false);
        await run.FindsAsync(index, "😀😀😀 web", "z", "y", "x").ConfigureAwait(false);
        await run.FindsAsync(index, "web 😀😀😀", "z", "x", "y").ConfigureAwait(false);
        await run.FindsAsync(index, "webc 😀😀😀", "x").ConfigureAwait(false);
        await run.FindsAsync(index, "😀😀😀 shop", "x", "z", "y").ConfigureAwait(false);
    }

    private static async Task TiersAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] all = ["web", "a/web", "web-a", "c/web/x", "webb", "a-web", "x.web-a", "0web9", "d1", "d2", "d3", "d4"];
        await run.StoreAsync(index,
            new("d4", "webs"), new("0web9", "web"), new("web", "web"), new("d2", "the web"), new("webb"), new("a-web"), new("d1", "Web"), new("web-a", "no"), new("d3", "webb"), new("x.web-a"), new("c/web/x"), new("a/web")).ConfigureAwait(false);
        for (var limit = 1; limit <= all.Length + 1; limit++)
        {
            var found = await ResultPages.AllAsync(index, "web", limit, run.Cancellation).ConfigureAwait(false);
            Expect.Names(all, [.. found.Select(repository => repository.Name)], $"search \"web\" with pages of {limit}");
        }
    }

    private static async Task OddNamesAsync(CaseRun run)
    {
        var data = new RandomData(run.Seed);
        string[] names = ["app/app/", "app/app", "app/ab", "/app", "x//app", "😀/app", "ab/app", "😀b/app", "éb/app", "Library/ app", "library//app", .. Enumerable.Range(0, 80).Select(_ => data.OddName(parts: 30))];
        // A predecessor's unique index may treat names as equal that differ only in case or in an emoji.
        Repository[] rows = [.. names.Where(name => name.Length > 0).DistinctBy(name => Folding.Fold(name).Replace("😀", "", StringComparison.Ordinal)).Select(name => new Repository(name, data.Next(2) == 0 ? null : RepositoryDescription.FromIngest(data.OddName(parts: 30))))];
        await run.WithScratchAsync("plant rows of a predecessor", scratch => scratch.PlantPredecessorAsync(rows, run.Cancellation)).ConfigureAwait(false);
        var (index, reference) = (await run.OpenAsync().ConfigureAwait(false), new ReferenceIndex(rows));
        foreach (var query in (string[])["app", "app/", "/app", "/", "😀", "é", .. Enumerable.Range(0, 60).Select(_ => data.OddName(parts: 4))])
        {
            var limit = data.Pick([1, 2, 3, SearchRequest.MaxLimit]);
            Expect.Repositories(
                await ResultPages.AllAsync(reference, query, SearchRequest.MaxLimit, run.Cancellation).ConfigureAwait(false),
                await ResultPages.AllAsync(index, query, limit, run.Cancellation).ConfigureAwait(false),
                $"search {Show.Text(query)} with pages of {limit}");
        }
    }

    // A name of 200 characters followed by an ending.
    private static string Long(string start, string end) => start.PadRight(200, 'q') + end;

    private static Task StoreAsync(CaseRun run, IRegistryIndex index, params string[] names) => run.StoreAsync(index, names.Select(name => new Repository(name)));
}
