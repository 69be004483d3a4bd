using System.Text;
using RegistryIndex.Conformance.Model;
using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>The complete folding table, and texts that stores tend to change (contract 1.3, 3.1).</summary>
internal static class RareTextCases
{
    private const int WordsOfADescription = 70; // each is a code point between two letters

    // Pairs that Unicode 16 and later, the simple rules of a runtime, or some languages fold, but the frozen table does not.
    private static readonly (string Upper, string Lower)[] NotFolded =
    [
        ("\u1c89", "\u1c8a"), ("\ua7cb", "\u0264"), ("\ua7cc", "\ua7cd"), ("\ua7da", "\ua7db"), ("\ua7dc", "\u019b"), ("\U00010d50", "\U00010d70"), ("\U00010d65", "\U00010d85"),
        ("\u0130", "i"), ("\u0131", "i"), ("\u00aa", "a"), ("\u24c3", "n"), ("\uff21", "a"), ("\ufb01", "fi"), ("\u00df", "ss"), ("\u0149", "\u02bcn"),
    ];

    // Texts that stores, encodings and editors are known to change.
    private static readonly string[] Texts =
    [
        "\ufeffa mark at the start", "a mark \ufeff inside", "CR alone\rand at the end\r", "\nLF at the start", "a line\u2028and a paragraph\u2029", "\uffff and \ufffe", "the last: \U0010ffff", "\U0001fffe no character",
        "\ufdd0 no character", "\ue000 private \uf8ff", "\u200b\u200c\u200d\u2060 of no width", "\u00ad soft", "next line \u0085 of ISO 8859", "\u001b[31mred", "zero \0 inside", "ends in a zero\0", "\u0300 begins with an accent",
        "q\u0307\u0323 is not q\u0323\u0307", "\uac00 is not \u1100\u1161", "\u2126 is not \u03a9", "\ufa10 is not \u585a", "🏳️‍🌈", "a\\u0041", "%00 &#0; \\x00", "'' \"\" ``", "{0} {name} $1",
    ];

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("every-code-point-of-the-fold-table-is-folded", ["3.1"],
            "Each code point of the frozen table is found by itself and by its folded form.",
            "A store that folds most letters right would lose those of Cherokee, Deseret or Georgian.",
            FoldTableAsync),
        new("what-the-fold-table-does-not-have-stays-as-it-is", ["3.1"],
            "Letters that later versions of Unicode fold, compatibility forms and full folds are left alone.",
            "After an update of the host the same search would find something else.",
            NotFoldedAsync),
        new("rare-text-comes-back-as-it-was", ["1.3", "2.6"],
            "Byte order marks, lone CRs, line separators, noncharacters and control characters are returned unchanged, and writing them again is not a change.",
            "A store would silently change a user's text, and each push would count as a change.",
            TextAsync),
    ];

    /// <summary>Returns all characters of the Basic Multilingual Plane that satisfy a condition.</summary>
    public static IEnumerable<string> CharactersThat(Predicate<string> holds) =>
        Enumerable.Range(0, 0x10000).Where(Rune.IsValid).Select(value => new Rune(value).ToString()).Where(text => holds(text));

    private static async Task FoldTableAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] folded = [.. Enumerable.Range(0x80, 0x110000 - 0x80).Where(Rune.IsValid).Select(value => new Rune(value).ToString()).Where(text => Folding.Fold(text) is { Length: > 0 } fold && fold != text)];
        var rows = folded.Chunk(WordsOfADescription).Select((portion, i) => new Repository($"portion/{i:d2}", string.Join(' ', portion.Select(Word)))).ToList();
        await run.FillAsync(index, rows).ConfigureAwait(false);
        var reference = new ReferenceIndex(rows);
        foreach (var words in rows.SelectMany(row => row.Description!.Split(' ').Chunk(SearchQuery.MaxWords)))
        {
            foreach (var query in (string[])[string.Join(' ', words), Folding.Fold(string.Join(' ', words))])
            {
                Expect.Repositories(
                    await ResultPages.AllAsync(reference, query, SearchRequest.DefaultLimit, run.Cancellation).ConfigureAwait(false),
                    await ResultPages.AllAsync(index, query, SearchRequest.DefaultLimit, run.Cancellation).ConfigureAwait(false),
                    $"search {Show.Text(query)}");
            }
        }
    }

    private static async Task NotFoldedAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.FillAsync(index, [.. NotFolded.SelectMany((pair, i) => (Repository[])[new($"{i:d2}/upper", Word(pair.Upper)), new($"{i:d2}/lower", Word(pair.Lower))])]).ConfigureAwait(false);
        foreach (var (pair, i) in NotFolded.Select((pair, i) => (pair, i)))
        {
            await run.FindsAsync(index, Word(pair.Upper), $"{i:d2}/upper").ConfigureAwait(false);
            await run.FindsAsync(index, Word(pair.Lower), [.. NotFolded.Select((other, n) => (other, n)).Where(other => other.other.Lower == pair.Lower).Select(other => $"{other.n:d2}/lower")]).ConfigureAwait(false);
        }
    }

    private static async Task TextAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var rows = Texts.Select((text, i) => new Repository($"text/{i:d2}", text)).ToList();
        await run.StoreAsync(index, rows).ConfigureAwait(false);
        await run.HoldsAsync(index, rows).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Unchanged = rows.Count }, await index.ImportAsync(rows.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false), "import of the same");
        foreach (var row in rows)
            Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(row, run.Cancellation).ConfigureAwait(false), $"upsert of the same {Show.Repository(row)}");
    }

    private static string Word(string text) => $"x{text}y";
}
