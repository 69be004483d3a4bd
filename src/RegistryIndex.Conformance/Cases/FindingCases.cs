using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>What a search finds (contract 3).</summary>
internal static class FindingCases
{
    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("case-is-folded-by-the-frozen-table", ["3.1"],
            "Case does not matter, in any script, by the library's table: final sigma, capital sharp s, the Kelvin sign, Deseret.",
            "A host's or database's own folding differs from others': the same search would find different things on each.",
            FoldAsync),
        new("the-turkish-i-is-a-letter-of-its-own", ["3.1"],
            "İ and ı fold only to themselves, with any language of the host; I folds to i.",
            "On a Turkish host a search for 'registry' would not find REGISTRY.",
            TurkishAsync),
        new("nothing-is-normalized", ["3.1"],
            "An é of one code point and one of two are different text; ß is not ss, ﬁ is not fi.",
            "A store with a collation of its own would find what other providers do not.",
            NormalizationAsync),
        new("white-space-and-control-characters-separate-words", ["3.1", "3.2"],
            "Every white space and control character separates words, in queries and in descriptions, in runs and at the ends.",
            "A pasted query with a tab or a no-break space would find nothing.",
            SpaceAsync),
        new("a-query-may-be-as-long-as-allowed", ["3.2"],
            "A query of 8 words, and one of 256 code points of any size, is answered.",
            "Long queries would fail in the store instead of finding results.",
            LongQueryAsync),
        new("a-query-over-the-limits-is-an-argument-error", ["3.2", "7.1"],
            "A query over 256 code points, over 8 words, or with an unpaired surrogate is an ArgumentException, and the index continues to answer.",
            "A mistake of the caller would look like a failure of the server.",
            BadQueryAsync),
        new("every-piece-of-a-name-finds-it", ["3.3"],
            "Every piece of a name of two or more characters finds it, also across '/', '.', '_' and '-'.",
            "People remember pieces of names; a search by whole words or by prefixes would not find them.",
            NamePiecesAsync),
        new("every-piece-of-a-description-finds-it", ["3.3"],
            "Every piece of a word of a description finds it, in any script; one of two or three characters as well as a long one.",
            "A search by indexed words or by trigrams alone would miss short pieces, or all of Chinese and Japanese.",
            DescriptionPiecesAsync),
        new("a-single-character-that-is-not-ascii-is-found-anywhere", ["3.3", "3.4"],
            "A word of one character that is not ASCII is found anywhere: a kanji, an emoji, an umlaut.",
            "In many scripts one character is a word.",
            OneRuneAsync),
        new("every-word-must-occur", ["3.3"],
            "Each word must occur, in the name or in the description, in any order.",
            "A second word would widen a search instead of narrowing it, or would have to follow the first as a phrase.",
            EveryWordAsync),
        new("a-word-does-not-run-from-name-to-description", ["3.3"],
            "A word occurs in the name or in the description, never partly in both, nor across words.",
            "Repositories would be found by text that stands nowhere.",
            AcrossAsync),
        new("words-like-operators-are-words", ["3.3", "3.5"],
            "AND, OR, NOT, NEAR, null and the like are words to be found.",
            "The store's query language would become visible: as errors, or as results that contradict the query.",
            OperatorsAsync),
        new("one-ascii-character-matches-segment-starts", ["3.4"],
            "A word of one ASCII character matches only where a path segment of the name starts.",
            "A search for 'a' would find nearly everything, at the cost of reading it.",
            OneCharacterAsync),
        new("special-characters-are-ordinary", ["3.5"],
            "%, _, \\, ', \", * and their like stand for themselves, alone and in runs.",
            "A search for 100% would find everything, one for a quote would break a statement, or worse.",
            SpecialAsync),
        new("a-query-without-words-finds-everything", ["3.6"],
            "A null, empty or blank query finds every repository, in name order.",
            "Clients that browse by an empty search would see nothing, or a heap.",
            EverythingAsync),
        new("what-the-predecessors-found-is-found", ["3.7"],
            "A search finds every repository whose name or description contains the text of the query, without regard to ASCII case.",
            "After a migration searches that used to work would come back empty.",
            SupersetAsync),
    ];

    private static async Task FoldAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index,
            new("Team/APP", "The Registry"), new("greek", "Σίσυφος"), new("sharp", "STRAẞE"), new("kelvin", "300 \u212Aelvin"), new("deseret", "𐐀𐐁"),
            new("cyrillic", "ДОКЕР"), new("long-s", "ſtone"), new("roman", "Ⅷ")).ConfigureAwait(false);
        foreach (var query in (string[])["team/app", "TEAM/APP", "tEaM", "app", "rEGISTRY"])
            await run.FindsAsync(index, query, "Team/APP").ConfigureAwait(false);
        foreach (var query in (string[])["σίσυφος", "ΣΊΣΥΦΟΣ", "σίσυφοσ", "Σίσυφος", "ΦΟΣ"])
            await run.FindsAsync(index, query, "greek").ConfigureAwait(false);
        foreach (var (query, name) in ((string, string)[])[("straße", "sharp"), ("STRAẞE", "sharp"), ("ßE", "sharp"), ("kelvin", "kelvin"), ("\u212AELVIN", "kelvin"), ("𐐨𐐩", "deseret"), ("𐐀𐐩", "deseret"), ("докер", "cyrillic"), ("Докер", "cyrillic"), ("stone", "long-s"), ("ⅷ", "roman")])
            await run.FindsAsync(index, query, name).ConfigureAwait(false);
        await run.FindsAsync(index, "strasse").ConfigureAwait(false);
    }

    private static async Task TurkishAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("dotted", "xİx"), new("dotless", "xıx"), new("capital", "xIx"), new("small", "xix"), new("REGISTRY/MIRROR")).ConfigureAwait(false);
        await run.FindsAsync(index, "xİx", "dotted").ConfigureAwait(false);
        await run.FindsAsync(index, "xıx", "dotless").ConfigureAwait(false);
        await run.FindsAsync(index, "xIx", "small", "capital").ConfigureAwait(false);
        await run.FindsAsync(index, "xix", "small", "capital").ConfigureAwait(false);
        await run.FindsAsync(index, "registry/mirror", "REGISTRY/MIRROR").ConfigureAwait(false);
        await run.FindsAsync(index, "irr", "REGISTRY/MIRROR").ConfigureAwait(false);
    }

    private static async Task NormalizationAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index,
            new("composed", "caf\u00e9s"), new("decomposed", "cafe\u0301s"), new("plain", "cafes"), new("sharp", "xßx"), new("double", "xssx"), new("ligature", "xﬁx"), new("letters", "xfix"),
            new("wide", "ＷＩＤＥ"), new("narrow", "WIDE"), new("angstrom", "x\u212Bx"), new("ring", "x\u00c5x")).ConfigureAwait(false);
        foreach (var (query, names) in ((string, string[])[])
            [("caf\u00e9s", ["composed"]), ("cafe\u0301s", ["decomposed"]), ("cafes", ["plain"]), ("cafe", ["plain", "decomposed"]), ("xßx", ["sharp"]), ("xssx", ["double"]),
             ("xﬁx", ["ligature"]), ("xfix", ["letters"]), ("ｗｉｄｅ", ["wide"]), ("wide", ["wide", "narrow"]), ("x\u00e5x", ["ring", "angstrom"])])
        {
            await run.FindsAsync(index, query, names).ConfigureAwait(false);
        }
    }

    private static async Task SpaceAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] separators = [.. RareTextCases.CharactersThat(text => Folding.Fold($"a{text}b") == "a b")], invisible = ["\u00ad", "\u034f", "\u115f", "\u180e", "\u200b", "\u200d", "\u2060", "\u2800", "\u3164", "\ufeff"];
        var repositories = separators.Select((separator, i) => new Repository($"r/{i:d2}", $"{separator}{separator}one{separator}{separator}two{separator}")).ToList();
        await run.FillAsync(index, [.. repositories, new("joined", "onetwo"), .. invisible.Select((text, i) => new Repository($"invisible/{i}", $"one{text}two"))]).ConfigureAwait(false);
        string[] names = [.. repositories.Select(repository => repository.Name), "joined", .. invisible.Select((_, i) => $"invisible/{i}")];
        foreach (var separator in separators)
            await run.FindsAsync(index, $"{separator}two{separator}{separator}ONE{separator}", names).ConfigureAwait(false);
        await run.FindsAsync(index, "onetwo", "joined").ConfigureAwait(false);
        foreach (var (text, i) in invisible.Select((text, i) => (text, i)))
            await run.FindsAsync(index, $"one{text}two", $"invisible/{i}").ConfigureAwait(false);
    }

    private static async Task LongQueryAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var (faces, kanji, name) = (Repeat("😀"), Repeat("語"), new string('n', RepositoryName.MaxLength));
        await run.StoreAsync(index, new("faces", "x" + faces + "y"), new("kanji", kanji + "語 end"), new("one-less", faces[2..]), new(name), new("eight", "one two three four five six seven eight nine"), new("seven", "one two three four five six seven")).ConfigureAwait(false);
        await run.FindsAsync(index, faces, "faces").ConfigureAwait(false);
        await run.FindsAsync(index, kanji, "kanji").ConfigureAwait(false);
        await run.FindsAsync(index, name, name).ConfigureAwait(false);
        await run.FindsAsync(index, "eight seven six five four three two one", "eight").ConfigureAwait(false);
        await run.FindsAsync(index, "one two three four five six seven eight", "eight").ConfigureAwait(false);
        await run.FindsAsync(index, "one two three four five six seven six", "eight", "seven").ConfigureAwait(false);
        await run.FindsAsync(index, "   one" + new string(' ', 500) + "eight   ", "eight").ConfigureAwait(false);
    }

    private static async Task BadQueryAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("app", "one two")).ConfigureAwait(false);
        foreach (var query in (string[])[Repeat("x") + "x", Repeat("😀") + "😀", "1 2 3 4 5 6 7 8 9", "\ud83d", "one \ude00"])
        {
            await Expect.ThrowsAsync<ArgumentException>(() => index.SearchAsync(new(query), run.Cancellation), $"search {Show.Text(query)}").ConfigureAwait(false);
            await run.FindsAsync(index, "one two", "app").ConfigureAwait(false);
        }
    }

    private static async Task NamePiecesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        const string Name = "Team/sub.x_y-z/app2";
        await run.StoreAsync(index, new(Name, "something"), new("uvw/qrst"), new("qqq")).ConfigureAwait(false);
        for (var length = 2; length <= Name.Length; length++)
        {
            for (var start = 0; start + length <= Name.Length; start++)
                await run.FindsAsync(index, Name.Substring(start, length), Name).ConfigureAwait(false);
        }

        foreach (var piece in (string[])["appx", "subx", "team app3", "amsub", "2/"])
            await run.FindsAsync(index, piece).ConfigureAwait(false);
    }

    private static async Task DescriptionPiecesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("words", "Gateway, aabaab"), new("kanji", "東京都の地図"), new("mixed", "x😀語é-й"), new("none")).ConfigureAwait(false);
        foreach (var (name, word) in ((string, string)[])[("words", "Gateway,"), ("words", "aabaab"), ("kanji", "東京都の地図"), ("mixed", "x😀語é-й")])
        {
            string[] runes = [.. word.EnumerateRunes().Select(rune => rune.ToString())];
            for (var length = 2; length <= runes.Length; length++)
            {
                for (var start = 0; start + length <= runes.Length; start++)
                    await run.FindsAsync(index, string.Concat(runes[start..(start + length)]), name).ConfigureAwait(false);
            }
        }

        foreach (var piece in (string[])["gatway", "aabb", "京東", "😀é", ",aab"])
            await run.FindsAsync(index, piece).ConfigureAwait(false);
    }

    private static async Task OneRuneAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("kanji", "日本語"), new("kana", "にほんご"), new("emoji", "a🐳b"), new("umlaut", "Müller"), new("ascii", "plain"), new("sigma", "ΟΔΟΣ")).ConfigureAwait(false);
        foreach (var (query, name) in ((string, string)[])[("本", "kanji"), ("日", "kanji"), ("語", "kanji"), ("ほ", "kana"), ("🐳", "emoji"), ("ü", "umlaut"), ("Ü", "umlaut"), ("ς", "sigma")])
            await run.FindsAsync(index, query, name).ConfigureAwait(false);
        await run.FindsAsync(index, "木").ConfigureAwait(false);
        await run.FindsAsync(index, "😀").ConfigureAwait(false);
        await run.FindsAsync(index, "本 日", "kanji").ConfigureAwait(false);
    }

    private static async Task EveryWordAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("shop/web", "front end"), new("shop/api", "back end"), new("blog/web", "front page"), new("other", "web shop front"), new("far", "shop of the web")).ConfigureAwait(false);
        await run.FindsAsync(index, "shop web", "shop/web", "far", "other").ConfigureAwait(false);
        await run.FindsAsync(index, "front web", "blog/web", "shop/web", "other").ConfigureAwait(false);
        await run.FindsAsync(index, "web front shop", "shop/web", "other").ConfigureAwait(false);
        await run.FindsAsync(index, "end front", "shop/web").ConfigureAwait(false);
        await run.FindsAsync(index, "front front", "other", "blog/web", "shop/web").ConfigureAwait(false);
        await run.FindsAsync(index, "shop nothing").ConfigureAwait(false);
        await run.FindsAsync(index, "nothing shop").ConfigureAwait(false);
    }

    private static async Task AcrossAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("team/app", "web server"), new("webserver"), new("appweb")).ConfigureAwait(false);
        await run.FindsAsync(index, "appweb", "appweb").ConfigureAwait(false);
        await run.FindsAsync(index, "pw", "appweb").ConfigureAwait(false);
        await run.FindsAsync(index, "webserver", "webserver").ConfigureAwait(false);
        await run.FindsAsync(index, "bs", "webserver").ConfigureAwait(false);
        await run.FindsAsync(index, "app web", "appweb", "team/app").ConfigureAwait(false);
        await run.FindsAsync(index, "web server", "webserver", "team/app").ConfigureAwait(false);
    }

    private static async Task OperatorsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] words = ["AND", "OR", "NOT", "NEAR", "LIKE", "null", "true", "name:", "description:", "NEAR(a", "-minus", "^caret", "(paren)", "a:b", "--", ";", "{brace}", "[bracket]", "+plus", "~tilde", "#hash", "$1", "@at", "?", "%41bc", "&amp;"];
        await run.StoreAsync(index, [.. words.Select((word, i) => new Repository($"r/{i:d2}x", $"..{word}..")), new("plain", "text")]).ConfigureAwait(false);
        foreach (var (word, i) in words.Select((word, i) => (word, i)).Where(pair => pair.word.Length > 1))
            await run.FindsAsync(index, $".{word}.", $"r/{i:d2}x").ConfigureAwait(false);
        await run.FindsAsync(index, "text AND plain").ConfigureAwait(false);
        await run.FindsAsync(index, "text OR plain").ConfigureAwait(false);
        await run.FindsAsync(index, "text NOT nothing").ConfigureAwait(false);
        await run.FindsAsync(index, "text plain", "plain").ConfigureAwait(false);
    }

    private static async Task OneCharacterAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("App", "x"), new("team/app"), new("banana", "a b"), new("my-app"), new("x.app", "a"), new("1/2"), new("b/a")).ConfigureAwait(false);
        await run.FindsAsync(index, "a", "b/a", "App", "team/app").ConfigureAwait(false);
        await run.FindsAsync(index, "A", "b/a", "App", "team/app").ConfigureAwait(false);
        await run.FindsAsync(index, "2", "1/2").ConfigureAwait(false);
        await run.FindsAsync(index, "n").ConfigureAwait(false);
        await run.FindsAsync(index, "/").ConfigureAwait(false);
        await run.FindsAsync(index, "-").ConfigureAwait(false);
        await run.FindsAsync(index, "b a", "b/a").ConfigureAwait(false);
        await run.FindsAsync(index, "app t", "team/app").ConfigureAwait(false);
        await run.FindsAsync(index, "m p").ConfigureAwait(false);
    }

    private static async Task SpecialAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] specials = ["%", "_", "\\", "'", "\"", "*", "[", "]", "?", "^", "`", "|", "&", "<", ">", "=", "!", "$", "{", "}", "(", ")", ",", ":"];
        await run.StoreAsync(index, [.. specials.Select((special, i) => new Repository($"r/n{i:d2}", $"a{special}b {special}{special}")), new("plain", "ab axb axxb"), new("a_b/under"), new("axb/no")]).ConfigureAwait(false);
        foreach (var (special, i) in specials.Select((special, i) => (special, i)))
        {
            var name = $"r/n{i:d2}";
            string[] under = special == "_" ? ["a_b/under", name] : [name];
            await run.FindsAsync(index, $"a{special}b", under).ConfigureAwait(false);
            await run.FindsAsync(index, $"a{special}", under).ConfigureAwait(false);
            await run.FindsAsync(index, $"{special}b", under).ConfigureAwait(false);
            await run.FindsAsync(index, special + special, name).ConfigureAwait(false);
            await run.FindsAsync(index, $"{special}{special} a{special}b", name).ConfigureAwait(false);
            await run.FindsAsync(index, special).ConfigureAwait(false);
        }

        await run.FindsAsync(index, "'; DROP TABLE repository; --").ConfigureAwait(false);
        await run.FindsAsync(index, "axb", "axb/no", "plain").ConfigureAwait(false);
    }

    private static async Task EverythingAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.FindsAsync(index, "").ConfigureAwait(false);
        await run.StoreAsync(index, new("b", "a"), new("a/b"), new("B"), new("a-b", "x"), new("a"), new("10"), new("9")).ConfigureAwait(false);
        foreach (var query in (string?[])[null, "", " ", "\t\n", "\u3000\u00a0", "\u0001"])
            await run.FindsAsync(index, query, "10", "9", "B", "a", "a-b", "a/b", "b").ConfigureAwait(false);
    }

    private static async Task SupersetAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var data = new RandomData(run.Seed);
        var repositories = Enumerable.Range(0, 60).Select(_ => data.Repository()).DistinctBy(repository => repository.Name).ToList();
        await run.FillAsync(index, repositories).ConfigureAwait(false);
        for (var i = 0; i < 60; i++)
        {
            // The whole text of the query in one piece, as LIKE '%…%' would find it.
            var query = data.Query(repositories);
            if (ResultPages.FindProblem(query) is not null || SearchQuery.Parse(query).Words.Any(SearchQuery.MatchesSegmentStartsOnly))
                continue;
            var found = await ResultPages.AllAsync(index, query, SearchRequest.MaxLimit, run.Cancellation).ConfigureAwait(false);
            var missed = repositories.Where(repository => Contains(repository.Name, query) || Contains(repository.Description ?? "", query)).Except(found).ToList();
            Expect.That(missed.Count == 0, $"search {Show.Text(query)} to find what contains it: {Show.Repositories(missed)}", Show.Repositories(found));
        }
    }

    private static bool Contains(string text, string query) => Lower(text).Contains(Lower(query), StringComparison.Ordinal);

    private static string Lower(string text) => string.Create(text.Length, text, (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = from[i] is >= 'A' and <= 'Z' ? (char)(from[i] + 0x20) : from[i];
    });

    private static string Repeat(string codePoint) => string.Concat(Enumerable.Repeat(codePoint, SearchQuery.MaxCodePoints));
}
