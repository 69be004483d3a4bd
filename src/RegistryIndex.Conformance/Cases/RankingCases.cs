using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>In which order a search finds (contract 4).</summary>
internal static class RankingCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-name-or-end-of-one-that-equals-the-word-comes-first", ["4.1"],
            "A name, or a trailing part of one, that equals the word comes first; the shorter text from the match on comes before the longer.",
            "Somebody who types 'ubuntu' would not see ubuntu first.",
            EqualAsync),
        new("segment-starts-come-before-other-places", ["4.1", "4.2"],
            "A name with the word at the start of a path segment comes before one that has it elsewhere, whatever the names.",
            "The likely hits would stand behind the accidental ones.",
            SegmentAsync),
        new("of-several-segment-starts-the-earliest-counts", ["4.1"],
            "Of several path segments that start with the word the earliest counts.",
            "Providers would order differently, and pages continued on another would miss or repeat.",
            EarliestSegmentAsync),
        new("elsewhere-in-the-name-the-earliest-place-counts", ["4.2"],
            "Elsewhere in the name it is the earliest place that counts, and the text from there to the end of the name.",
            "Providers would order differently, and pages continued on another would miss or repeat.",
            ElsewhereAsync),
        new("descriptions-come-last", ["4.3"],
            "What has the word only in its description comes after all that have it in the name; a match in both counts as the name's.",
            "A repository that merely mentions another would hide it.",
            DescriptionsAsync),
        new("a-description-ranks-by-the-rest-of-the-word", ["4.3"],
            "Descriptions are ordered by the text from the earliest match to the end of that word, at any white space, and then by name.",
            "Providers would order differently, and pages continued on another would miss or repeat.",
            RestOfWordAsync),
        new("a-long-word-ranks-by-its-first-64-code-points", ["4.3"],
            "Of a long word 64 code points from the match on take part in the order, however large they are; then the name decides.",
            "Providers would order differently, and pages continued on another would miss or repeat.",
            CutAsync),
        new("equals-are-ordered-by-name", ["4.1", "4.2", "4.3"],
            "Repositories with the same text from the match on are ordered by name, by code point: upper case first, '-' before '/'.",
            "The order would change from search to search, and pages would miss or repeat.",
            EqualsAsync),
        new("text-is-ordered-by-code-point", ["4.3"],
            "Text is ordered by code point: an emoji comes after U+FFFD, and accents have no order of a language.",
            "An order by UTF-16 unit or by a collation differs from that of the other providers.",
            CodePointAsync),
        new("the-longest-word-ranks", ["4.4"],
            "Of several words the longest in code points ranks, of equals the first; the others only filter.",
            "The same words would give another order on each provider.",
            LongestAsync),
        new("tiers-follow-each-other-over-pages", ["4.1", "4.2", "4.3", "5.2"],
            "Pages of any size go through all three kinds of matches in the order of the contract.",
            "At the seams between names and descriptions results would be lost.",
            TiersAsync),
    ];

    private static async Task EqualAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await StoreAsync(run, index, "library/ubuntu-core", "ubuntu/nginx", "zoo/ubuntu", "ubuntu-dev", "a/b/ubuntu", "ubuntu22", "ubuntu", "UBUNTU.old").ConfigureAwait(false);
        await run.FindsAsync(index, "ubuntu", "a/b/ubuntu", "ubuntu", "zoo/ubuntu", "library/ubuntu-core", "ubuntu-dev", "UBUNTU.old", "ubuntu/nginx", "ubuntu22").ConfigureAwait(false);
        await run.FindsAsync(index, "b/ubuntu", "a/b/ubuntu").ConfigureAwait(false);
    }

    private static async Task SegmentAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await StoreAsync(run, index, "0web", "my-web", "zz/webz", "a/b-web", "web9", "a.web/x").ConfigureAwait(false);
        await run.FindsAsync(index, "web", "web9", "zz/webz", "0web", "a/b-web", "my-web", "a.web/x").ConfigureAwait(false);
    }

    private static async Task EarliestSegmentAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await StoreAsync(run, index, "app/z/app", "app/y", "x/app/app", "appendix", "q/app").ConfigureAwait(false);
        await run.FindsAsync(index, "app", "q/app", "x/app/app", "app/y", "app/z/app", "appendix").ConfigureAwait(false);
        await run.FindsAsync(index, "a", "q/app", "x/app/app", "app/y", "app/z/app", "appendix").ConfigureAwait(false);
    }

    private static async Task ElsewhereAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await StoreAsync(run, index, "x-ab-zz-ab", "y-ab-b", "x1ab", "aab", "qab0ab").ConfigureAwait(false);
        await run.FindsAsync(index, "ab", "aab", "x1ab", "y-ab-b", "x-ab-zz-ab", "qab0ab").ConfigureAwait(false);
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
            new("b-ab"), new("B-ab"), new("a-ab"), new("n2", "text"), new("N1", "TEXT"), new("n1", "Text")).ConfigureAwait(false);
        await run.FindsAsync(index, "app", "APP", "App", "X/app", "app", "x-1/app", "x/app", "x_1/app").ConfigureAwait(false);
        await run.FindsAsync(index, "ab", "B-ab", "a-ab", "b-ab").ConfigureAwait(false);
        await run.FindsAsync(index, "text", "N1", "n1", "n2").ConfigureAwait(false);
    }

    private static async Task CodePointAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] sorted = ["-", "0", "a", "z", "~", "ä", "é", "ж", "日", "한", "\uE000", "ﬀ", "\uFFFD", "𐐨", "😀", "😁"];
        foreach (var place in (int[])[14, 3, 8, 0, 12, 15, 6, 1, 10, 4, 13, 2, 9, 5, 11, 7])
            await run.StoreAsync(index, new Repository($"r{(place * 7) % 16:d2}", $"xx{sorted[place]}")).ConfigureAwait(false);
        await run.FindsAsync(index, "xx", [.. sorted.Select((_, place) => $"r{(place * 7) % 16:d2}")]).ConfigureAwait(false);
    }

    private static async Task LongestAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("web/shopping", "ab"), new("shopping/web", "ab"), new("z", "web shoppinga 😀😀😀"), new("y", "weba shoppingb 😀😀😀b"), new("x", "webc shopping 😀😀😀a")).ConfigureAwait(false);
        string[] byShopping = ["web/shopping", "shopping/web", "x", "z", "y"];
        await run.FindsAsync(index, "web shopping", byShopping).ConfigureAwait(false);
        await run.FindsAsync(index, "shopping web", byShopping).ConfigureAwait(false);
        // Three emoji are six UTF-16 units and twelve bytes, but three code points: of equals the first ranks.
        await run.FindsAsync(index, "😀😀😀 web", "z", "x", "y").ConfigureAwait(false);
        await run.FindsAsync(index, "web 😀😀😀", "z", "y", "x").ConfigureAwait(false);
        await run.FindsAsync(index, "webc 😀😀😀", "x").ConfigureAwait(false);
        await run.FindsAsync(index, "😀😀😀 shop", "x", "z", "y").ConfigureAwait(false);
    }

    private static async Task TiersAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] all = ["a/web", "web", "web-a", "c/web/x", "webb", "a-web", "x.web-a", "0web9", "d1", "d2", "d3", "d4"];
        await run.StoreAsync(index,
            new("d4", "webs"), new("0web9", "web"), new("web", "web"), new("d2", "the web"), new("webb"), new("a-web"), new("d1", "Web"), new("web-a", "no"), new("d3", "webb"), new("x.web-a"), new("c/web/x"), new("a/web")).ConfigureAwait(false);
        for (var limit = 1; limit <= all.Length + 1; limit++)
        {
            var found = await Model.Walk.AllAsync(index, "web", limit, run.Cancellation).ConfigureAwait(false);
            Expect.Names(all, [.. found.Select(repository => repository.Name)], $"search \"web\" with pages of {limit}");
        }
    }

    private static Task StoreAsync(CaseRun run, IRegistryIndex index, params string[] names) => run.StoreAsync(index, names.Select(name => new Repository(name)));
}
