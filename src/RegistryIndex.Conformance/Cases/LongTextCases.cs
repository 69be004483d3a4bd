using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Descriptions of the maximum length, and texts that differ only slightly (contract 1.3, 2.1, 3.3).</summary>
internal static class LongTextCases
{
    private const int Words = 60;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("a-description-of-many-words-is-replaced-whole", ["2.1", "3.3"],
            "When a description of 60 words is replaced by another, every new word finds it and no old word does; when it is deleted, none does.",
            "What a provider writes in portions would leave words behind: a repository would be found by a text that it no longer has.",
            ManyWordsAsync),
        new("a-description-of-350-code-points-is-replaced-whole", ["2.1", "3.3"],
            "When a description of one word of 350 code points is replaced by another, the new word is found from its first code point to its last, and the old one is not; when it is deleted, neither is.",
            "A column or a key that is too short would cut results, and keep texts that were replaced.",
            OneWordAsync),
        new("two-texts-that-differ-by-little-are-two", ["1.3", "2.1", "2.2"],
            "A description that differs from the stored one only in its last character, in case, in composition or in white space replaces it.",
            "A provider that compares a part of the text, or folded text, would keep a text that its owner has corrected.",
            LittleAsync),
    ];

    private static async Task ManyWordsAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string[] before = [.. Enumerable.Range(0, Words).Select(i => $"k{i:d2}a")], after = [.. Enumerable.Range(0, Words).Select(i => $"k{i:d2}b")];
        await run.StoreAsync(index, new("app", string.Join(' ', before)), new("other", "k00c")).ConfigureAwait(false);
        await FindEachAsync(before, "app").ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("app", string.Join(' ', after))).ConfigureAwait(false);
        await FindEachAsync(after, "app").ConfigureAwait(false);
        await FindEachAsync(before).ConfigureAwait(false);
        Expect.Equal(true, await index.DeleteAsync("app", run.Cancellation).ConfigureAwait(false), "delete app");
        await FindEachAsync(after).ConfigureAwait(false);
        await run.HoldsAsync(index, new Repository("other", "k00c")).ConfigureAwait(false);

        async Task FindEachAsync(IEnumerable<string> words, params string[] names)
        {
            foreach (var word in words)
                await run.FindsAsync(index, word, names).ConfigureAwait(false);
        }
    }

    private static async Task OneWordAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        string before = Distinct('0'), after = Distinct('5');
        await run.StoreAsync(index, new Repository("app", before)).ConfigureAwait(false);
        await FindAsync(before, "app").ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("app", after)).ConfigureAwait(false);
        await FindAsync(after, "app").ConfigureAwait(false);
        await FindAsync(before).ConfigureAwait(false);
        Expect.Equal(true, await index.DeleteAsync("app", run.Cancellation).ConfigureAwait(false), "delete app");
        await FindAsync(after).ConfigureAwait(false);
        await run.HoldsAsync(index).ConfigureAwait(false);

        async Task FindAsync(string text, params string[] names)
        {
            for (var start = 0; start + 10 <= text.Length; start += 20)
                await run.FindsAsync(index, text.Substring(start, 10), names).ConfigureAwait(false);
            await run.FindsAsync(index, text[^10..], names).ConfigureAwait(false);
        }
    }

    private static async Task LittleAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        var most = RepositoryDescription.MaxCodePoints - 1;
        (string What, string Before, string After)[] pairs =
        [
            ("last-character", new string('x', most) + "y", new string('x', most) + "z"), ("last-emoji", new string('x', most) + "😀", new string('x', most) + "😁"), ("last-of-kanji", new string('語', most) + "日", new string('語', most) + "本"),
            ("length", new string('x', most), new string('x', most) + "x"), ("case", "The Shop", "the shop"), ("case-of-greek", "ΟΔΟΣ", "οδος"), ("final-sigma", "οδοσ", "οδος"), ("composition", "caf\u00e9", "cafe\u0301"), ("ligature", "ﬁle", "file"),
            ("space-at-the-end", "text", "text "), ("two-spaces", "a b", "a  b"), ("line-break", "a\nb", "a\r\nb"), ("tab", "a b", "a\tb"), ("invisible", "ab", "a\u200bb"), ("zero", "ab", "a\0b"),
        ];
        foreach (var (what, before, after) in pairs)
        {
            await run.StoreAsync(index, new Repository(what, before)).ConfigureAwait(false);
            foreach (var text in (string[])[after, before])
            {
                Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new(what, text), run.Cancellation).ConfigureAwait(false), $"upsert {Show.Repository(new(what, text))}");
                Expect.Equal(new(what, text), await index.GetAsync(what, run.Cancellation).ConfigureAwait(false), $"get {what}");
            }
        }

        var result = await index.ImportAsync(pairs.Select(pair => new Repository(pair.What, pair.After)).ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Updated = pairs.Length }, result, "import of texts that differ by little from those that are there");
        await run.HoldsAsync(index, pairs.Select(pair => new Repository(pair.What, pair.After))).ConfigureAwait(false);
    }

    // Every ten consecutive characters occur only once in the text, and in no text with another first character.
    private static string Distinct(char first) =>
        string.Concat(Enumerable.Range(0, RepositoryDescription.MaxCodePoints / 5).Select(i => $"{first}{i * 7:d3}x"));
}
