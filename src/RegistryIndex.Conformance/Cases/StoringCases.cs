using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Stored content (contract 1).</summary>
internal static class StoringCases
{
    private static readonly string[] GoodNames =
    [
        "a", "0", "ubuntu", "library/ubuntu", "team/app/web", "a/b/c/d/e/f/g/h", "App", "UPPER/Case", "x--y", "x__y", "x..y", "x.-_y", "1.2.3/v0_9",
        new('n', RepositoryName.MaxLength), string.Join('/', Enumerable.Repeat("ab", 85)),
    ];

    private static readonly string[] BadNames =
    [
        "", "-app", "app-", ".app", "a//b", "/a", "a/", "a b", "a\nb", "ünïcode", "日本", "a:b", "a@b", "a%b", "a*", "😀", "a/_b", "\ud800", new('n', RepositoryName.MaxLength + 1),
    ];

    private static readonly string[] Texts =
    [
        "The shop's front end", "  spaces around  ", "two\nlines\r\nand a\ttab", "\"quotes\" 'and' \\ backslash % _ *", "<b>&amp;</b>", "null", "NULL", "0", "-- ; DROP TABLE repository",
        "日本語の説明", "한국어", "Ünïcödé ẞß ıİ", "e\u0301 is not é", "😀👩‍👩‍👧🐳", "\uFFFD\uE000\uFFFE", "control \u0001\u007f\u0085", "a zero \0 inside", "right\u200Fto\u202Eleft",
    ];

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("names-that-differ-by-case-are-two", ["1.1"],
            "Names are compared ordinally: App and app are two repositories.",
            "A database that compares names without regard to case merges two repositories, and one of them is lost.",
            CaseAsync),
        new("names-that-differ-in-a-separator-are-two", ["1.1", "1.2"],
            "Names that differ only in '/', '.', '_', '-' or how many of them there are, are different repositories.",
            "A store that makes keys or file names of names would merge two repositories.",
            SeparatorsAsync),
        new("a-description-may-be-absent", ["1.1", "1.4"],
            "A repository without a description is stored, and comes back without one.",
            "Most repositories have no description; people would miss them, or read 'null' beside them.",
            AbsentAsync),
        new("every-name-of-the-grammar-is-stored", ["1.2"],
            "Every name of the grammar is stored: any depth, upper case, runs of separators, 255 characters.",
            "Repositories that the registry serves would be missing from the index.",
            GoodNamesAsync),
        new("a-name-that-breaks-the-grammar-is-refused", ["1.2"],
            "An upsert of a name that breaks the grammar is an ArgumentException that names it, and stores nothing.",
            "Rows that no registry can have would come up in searches, and other providers would refuse an import of them.",
            BadNamesAsync),
        new("a-description-of-350-code-points-is-stored", ["1.3"],
            "A description can have 350 code points of any size in UTF-16 or UTF-8.",
            "Descriptions in scripts with large code points would be refused or cut, though they are short enough.",
            LongDescriptionAsync),
        new("a-description-over-the-limit-or-broken-is-refused", ["1.3"],
            "An upsert of a description over 350 code points or with an unpaired surrogate is an ArgumentException and changes nothing.",
            "A store that silently cuts text, or breaks on half a character, shows users a text that was never written.",
            BadDescriptionAsync),
        new("text-comes-back-as-it-was", ["1.3", "2.6"],
            "A description comes back character for character.",
            "Quotes, line breaks, emoji or rare letters in descriptions would be damaged.",
            TextAsync),
        new("blank-is-no-description", ["1.4", "2.1"],
            "A null, empty or blank description is none: it removes a stored one, and changes nothing if none is stored.",
            "A description that its owner has removed would stay, or each push would write for nothing.",
            BlankAsync),
        new("ingested-text-is-stored-whole", ["1.5"],
            "Any text that RepositoryDescription.FromIngest returns is stored and found unchanged.",
            "Descriptions cut to the limit, or mended from broken text, would be refused or changed once more.",
            IngestAsync),
        new("odd-rows-of-a-predecessor-are-kept", ["1.6"],
            "A predecessor's row whose name breaks the grammar is read, found, listed and can be deleted.",
            "After a migration rows would be invisible, or could never be removed.",
            OddRowsAsync, Capability.Predecessor),
    ];

    private static async Task CaseAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("app", "lower"), run.Cancellation).ConfigureAwait(false), "upsert app");
        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("App", "title"), run.Cancellation).ConfigureAwait(false), "upsert App");
        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("APP", "upper"), run.Cancellation).ConfigureAwait(false), "upsert APP");
        await run.HoldsAsync(index, new("app", "lower"), new("App", "title"), new("APP", "upper")).ConfigureAwait(false);
        Expect.Equal(true, await index.DeleteAsync("App", run.Cancellation).ConfigureAwait(false), "delete App");
        await run.HoldsAsync(index, new("app", "lower"), new("APP", "upper")).ConfigureAwait(false);
    }

    private static async Task SeparatorsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var rows = ((string[])["a/b", "a_b", "a-b", "a.b", "ab", "a__b", "a--b", "a..b", "a/b/c", "a_b/c", "a/b_c", "a_b_c", "A/b", "A_b", "a/B", "a.b.c", "a-_b", "2f/b", "a2fb"])
            .Select(name => new Repository(name, $"the text of {name}")).ToList();
        foreach (var row in rows)
            Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(row, run.Cancellation).ConfigureAwait(false), $"upsert {Show.Text(row.Name)}");
        await run.HoldsAsync(index, rows).ConfigureAwait(false);
        while (rows.Count > 0)
        {
            Expect.Equal(true, await index.DeleteAsync(rows[0].Name, run.Cancellation).ConfigureAwait(false), $"delete {Show.Text(rows[0].Name)}");
            rows.RemoveAt(0);
            await run.HoldsAsync(index, rows).ConfigureAwait(false);
        }
    }

    private static async Task AbsentAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("with", "a text"), new("without")).ConfigureAwait(false);
        await run.HoldsAsync(index, new("with", "a text"), new("without")).ConfigureAwait(false);
        await run.FindsAsync(index, "without", "without").ConfigureAwait(false);
        await run.FindsAsync(index, "null").ConfigureAwait(false);
    }

    private static async Task GoodNamesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        foreach (var name in GoodNames)
            Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new(name), run.Cancellation).ConfigureAwait(false), $"upsert {Show.Text(name)}");
        await run.HoldsAsync(index, GoodNames.Select(name => new Repository(name))).ConfigureAwait(false);
        foreach (var name in GoodNames.Where(name => ResultPages.FindProblem(name) is null))
        {
            var found = await ResultPages.AllAsync(index, name, SearchRequest.DefaultLimit, run.Cancellation).ConfigureAwait(false);
            Expect.That(found.Exists(repository => repository.Name == name), $"search {Show.Text(name)}: the repository of that name", Show.Repositories(found));
        }
    }

    private static async Task BadNamesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("good")).ConfigureAwait(false);
        foreach (var name in BadNames)
        {
            var error = await Expect.ThrowsAsync<ArgumentException>(() => index.UpsertAsync(new(name), run.Cancellation), $"upsert {Show.Text(name)}").ConfigureAwait(false);
            Expect.Equal(new Repository(name).FindProblem(), error.Message, "the message (that of Repository.ThrowIfRefused)");
        }

        await run.HoldsAsync(index, new Repository("good")).ConfigureAwait(false);
    }

    private static async Task LongDescriptionAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Repository[] longest = [new("latin", Repeat("x")), new("kanji", Repeat("語")), new("emoji", Repeat("😀"))];
        await run.StoreAsync(index, longest).ConfigureAwait(false);
        await run.HoldsAsync(index, longest).ConfigureAwait(false);
        await run.FindsAsync(index, Repeat("語", 100), "kanji").ConfigureAwait(false);
    }

    private static async Task BadDescriptionAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("there", "as it was")).ConfigureAwait(false);
        foreach (var text in (string[])[Repeat("x") + "x", Repeat("語") + "x", Repeat("😀") + "😀", "\ud83d", "half \ude00 a face", "end \ud83d"])
        {
            foreach (var name in (string[])["there", "new"])
                await Expect.ThrowsAsync<ArgumentException>(() => index.UpsertAsync(new(name, text), run.Cancellation), $"upsert {Show.Text(name)} {Show.Text(text)}").ConfigureAwait(false);
        }

        await run.HoldsAsync(index, new Repository("there", "as it was")).ConfigureAwait(false);
    }

    private static async Task TextAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var repositories = Texts.Select((text, i) => new Repository($"text/{i:d2}", text)).ToList();
        await run.StoreAsync(index, repositories).ConfigureAwait(false);
        await run.HoldsAsync(index, repositories).ConfigureAwait(false);
        var result = await index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Unchanged = repositories.Count }, result, "import of the same");
    }

    private static async Task BlankAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("a", " \u3000\t"), run.Cancellation).ConfigureAwait(false), "upsert a blank");
        Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(new("a", ""), run.Cancellation).ConfigureAwait(false), "upsert a empty");
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("a", "something"), run.Cancellation).ConfigureAwait(false), "upsert a with a text");
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("a"), run.Cancellation).ConfigureAwait(false), "upsert a without a description");
        await run.HoldsAsync(index, new Repository("a")).ConfigureAwait(false);
        await run.FindsAsync(index, "something").ConfigureAwait(false);
    }

    private static async Task IngestAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] raw = [new('x', 1_000), string.Concat(Enumerable.Repeat("😀 ", 400)), "half \ude00 a face", "\ud83d", "fits"];
        var repositories = raw.Select((text, i) => new Repository($"ingest/{i}", RepositoryDescription.FromIngest(text))).ToList();
        await run.StoreAsync(index, repositories).ConfigureAwait(false);
        await run.HoldsAsync(index, repositories).ConfigureAwait(false);
        await run.FindsAsync(index, "xx…", "ingest/0").ConfigureAwait(false);
        await run.FindsAsync(index, "\uFFFD", "ingest/2", "ingest/3").ConfigureAwait(false);
    }

    private static async Task OddRowsAsync(CaseRun run)
    {
        Repository[] rows = [new("-bad", "starts badly"), new("a b", "has a space"), new("fine", "is fine"), new("日本", "is no ASCII"), new("a//b"), new("\uFF21pp"), new("😀pp")];
        await run.WithScratchAsync("plant rows of a predecessor", scratch => scratch.PlantPredecessorAsync(rows, run.Cancellation)).ConfigureAwait(false);
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.HoldsAsync(index, rows).ConfigureAwait(false);
        // The order is by code point. By UTF-16 code units the emoji would come first.
        Expect.Repositories([rows[^1]], await run.ListAsync(index, rows[^2].Name).ConfigureAwait(false), $"list after {Show.Text(rows[^2].Name)}");
        await run.FindsAsync(index, "日", "日本").ConfigureAwait(false);
        await run.FindsAsync(index, "bad", "-bad").ConfigureAwait(false);
        await run.FindsAsync(index, "is", "日本", "fine").ConfigureAwait(false);
        Expect.Equal(true, await index.DeleteAsync("-bad", run.Cancellation).ConfigureAwait(false), "delete -bad");
        await run.HoldsAsync(index, rows[1..]).ConfigureAwait(false);
        await run.FindsAsync(index, "bad").ConfigureAwait(false);
    }

    private static string Repeat(string codePoint, int times = RepositoryDescription.MaxCodePoints) => string.Concat(Enumerable.Repeat(codePoint, times));
}
