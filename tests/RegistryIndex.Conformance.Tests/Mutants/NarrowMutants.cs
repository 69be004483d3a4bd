using System.Text;
using RegistryIndex.Conformance.Tests.Memory;
using static RegistryIndex.Conformance.Tests.Mutants.BruteForce;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>Providers whose store is too narrow, or interprets texts: columns, encodings, comparers, query languages, portions.</summary>
internal static class NarrowMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("searches the first 1,000 bytes of a description", "a-query-may-be-as-long-as-allowed", index => Finding(index, (query, r) => Words(query, r.Name, Encoding.UTF8.GetBytes(r.Description ?? "") is { Length: > 1_000 } bytes ? Encoding.UTF8.GetString(bytes[..1_000]) : r.Description))),
        new("searches the first 512 UTF-16 units of a description", "a-query-may-be-as-long-as-allowed", index => Finding(index, (query, r) => Words(query, r.Name, r.Description is { Length: > 512 } text ? text[..512] : r.Description))),
        new("searches the first 200 characters of a name", "every-name-of-the-grammar-is-stored", index => Finding(index, (query, r) => Words(query, r.Name.Length > 200 ? r.Name[..200] : r.Name, r.Description))),
        new("searches words of at most 40 characters", "a-query-may-be-as-long-as-allowed", index => Finding(index, (query, r) => query.Rank(r) is not null && query.Words.All(word => word.Length <= 40))),
        new("searches the first four words of a query", "a-query-may-be-as-long-as-allowed", index => Finding(index, (query, r) => query.Words.Take(4).All(word => SearchQuery.Parse(word).Rank(r) is not null))),
        new("treats a plus sign in a query as a space", "words-like-operators-are-words", index => Asking(index, text => text.Replace('+', ' '))),
        new("treats words such as and, or and not as operators", "words-like-operators-are-words", index => Asking(index, text => string.Join(' ', text.Split(' ').Where(word => word is not ("and" or "or" or "not"))))),
        new("treats a hyphen before a word as its exclusion", "every-piece-of-a-name-finds-it", index => Finding(index, (query, r) => query.Words.All(word => word.Length > 1 && word[0] == '-' ? SearchQuery.Parse(word[1..]).Rank(r) is null : SearchQuery.Parse(word).Rank(r) is not null))),
        new("treats a colon in a query as the end of a field's name", "special-characters-are-ordinary", index => Asking(index, text => string.Join(' ', text.Split(' ').Select(word => word[(word.IndexOf(':') + 1)..])))),
        new("treats a dot in a query as any character", "words-like-operators-are-words", index => Finding(index, (query, r) => query.Words.All(word => SearchQuery.Parse(word).Rank(r) is not null || (word.Length > 1 && word.Contains('.') && System.Text.RegularExpressions.Regex.IsMatch(Fold(r).Description, string.Join('.', word.Split('.').Select(System.Text.RegularExpressions.Regex.Escape))))))),
        new("decodes percent signs in a query", "words-like-operators-are-words", index => Asking(index, Uri.UnescapeDataString)),
        new("treats full width as half width", "nothing-is-normalized", index => Folding(index, text => string.Concat(text.Select(c => c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0) : c)))),
        new("treats katakana as hiragana", "nothing-is-normalized", index => Folding(index, text => string.Concat(text.Select(c => c is >= '\u30A1' and <= '\u30F6' ? (char)(c - 0x60) : c)))),
        new("treats digits of all scripts as equal", "nothing-is-normalized", index => Folding(index, text => string.Concat(text.Select(c => char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c)) : c)))),
        new("ignores soft hyphens and zero-width characters when it compares", "nothing-is-normalized", index => Folding(index, text => text.Replace("\u00AD", "", StringComparison.Ordinal).Replace("\u200B", "", StringComparison.Ordinal).Replace("\u200D", "", StringComparison.Ordinal))),
        new("lists names in the order of UTF-16", "odd-rows-of-a-predecessor-are-kept", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => index.ListAsync(after, cancellation).OrderBy(r => r.Name, StringComparer.Ordinal),
        }),
        new("begins after a text by the order of UTF-16", "odd-rows-of-a-predecessor-are-kept", index => new AlteredIndex(index)
        {
            List = (after, cancellation) => index.ListAsync(cancellationToken: cancellation).Where(r => after is null || string.CompareOrdinal(r.Name, after) > 0),
        }),
        new("ranks equal keys by the length of names in UTF-16", "odd-names-of-a-predecessor-rank-by-the-same-rules", index => SearchingBy(index, (left, right) => (left.Tier, left.Text) == (right.Tier, right.Text) && left.Name.Length != right.Name.Length && left.NameLength != right.NameLength ? left.Name.Length.CompareTo(right.Name.Length) : left.CompareTo(right))),
        new("refuses to begin a limited list after a text that is not a name", "a-list-of-so-many-is-the-beginning-of-the-list", index => new AlteredIndex(index)
        {
            ListSome = (after, most, cancellation) => after is not null && RepositoryName.FindProblem(after) is not null ? AsyncEnumerable.Empty<Repository>() : index.ListAsync(after, cancellation).Take(most),
        }),
        new("loses results where a page ends with its tier", "tiers-follow-each-other-over-pages", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) =>
            {
                var page = await index.SearchAsync(request, cancellation);
                return request.After is { } after && page.Repositories is [var first, ..] && request.Query.Rank(first)!.Value.Tier != after.Tier ? page with { Repositories = [.. page.Repositories.Skip(1)] } : page;
            },
        }),
        new("ends after a hundred results on the first page", "a-page-holds-at-most-its-limit", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) => await index.SearchAsync(request, cancellation) is var page && request.After is null && page.Repositories.Count == 100 ? page with { Continuation = null } : page,
        }),
        new("writes a batch of 25 in any order", "the-later-of-two-with-one-name-wins", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var result = ImportResult.None;
                await foreach (var batch in stream.Chunk(25).WithCancellation(cancellation))
                    result += await index.ImportAsync(batch.Reverse().ToAsyncEnumerable(), options with { Progress = null }, cancellation);
                options.Progress?.Report(result);
                return result;
            },
        }),
        new("stops a batch of 100 at a bad row if descriptions are kept", "an-import-goes-on-after-a-refused-repository", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                if (!options.KeepDescriptions)
                    return await index.ImportAsync(stream, options, cancellation);
                var result = ImportResult.None;
                await foreach (var batch in stream.Chunk(100).WithCancellation(cancellation))
                    result += await index.ImportAsync(batch.TakeWhile((_, i) => i == 0 || batch[i - 1].FindProblem() is null).ToAsyncEnumerable(), options, cancellation);
                return result;
            },
        }),
        new("does not keep a description from earlier in the same stream", "an-import-keeps-descriptions-when-told-to", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var rows = await stream.ToListAsync(cancellation);
                var there = options.KeepDescriptions ? await index.ListAsync(cancellationToken: cancellation).ToDictionaryAsync(r => r.Name, cancellationToken: cancellation) : [];
                return await index.ImportAsync(rows.Select(r => r.Description is null ? there.GetValueOrDefault(r.Name, r) : r).ToAsyncEnumerable(), options with { KeepDescriptions = false }, cancellation);
            },
        }),
    ];

    private static bool Words(SearchQuery query, string name, string? description) => query.Rank(name, RegistryIndex.Folding.Fold(name), RegistryIndex.Folding.Fold(description ?? "")) is not null;

    // Interprets the text in its own way. If nothing of it remains, it finds nothing.
    private static AlteredIndex Asking(MemoryIndex index, Func<string, string> understand) => Finding(index, (query, r) => SearchQuery.Parse(understand(query.ToString())) is var asked && asked.Rank(r) is not null);

    private static AlteredIndex SearchingBy(MemoryIndex index, Comparison<RankKey> order) => new(index)
    {
        Search = (request, cancellation) => SearchAsync(index, request, (query, r) => query.Rank(r), order, cancellation: cancellation),
    };
}
