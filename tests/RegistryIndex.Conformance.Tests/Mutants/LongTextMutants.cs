using RegistryIndex.Conformance.Tests.Memory;
using static RegistryIndex.Conformance.Tests.Mutants.BruteForce;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class LongTextMutants
{
    private const int Portion = 25; // the number of items in a batch of a store

    public static IEnumerable<Mutant> All { get; } =
    [
        new("adds the words of the first portion of a description", "a-description-of-many-words-is-replaced-whole", index => Finding(index, (query, r) => query.Rank(new Repository(r.Name, Words(r, Portion))) is not null)),
        new("keeps postings of the first portion of an old description", "a-description-of-many-words-is-replaced-whole", index => Remembering(index, before => string.Join(' ', before.Split(' ').Skip(Portion)))),
        new("finds a deleted repository by its last words", "a-description-of-many-words-is-replaced-whole", index =>
        {
            var deleted = new List<Repository>();
            return new AlteredIndex(index)
            {
                Delete = async (name, cancellation) =>
                {
                    if (await index.GetAsync(name, cancellation) is { Description: { } text })
                        deleted.Add(new(name, string.Join(' ', text.Split(' ').Skip(Portion))));
                    return await index.DeleteAsync(name, cancellation);
                },
                Search = async (request, cancellation) =>
                {
                    var page = await index.SearchAsync(request, cancellation);
                    return page with { Repositories = [.. page.Repositories, .. deleted.Where(r => request.Query.Words.Count > 0 && request.Query.Rank(r) is not null)] };
                },
            };
        }),
        new("finds a deleted repository by the end of its long text", "a-description-of-350-code-points-is-replaced-whole", index =>
        {
            var deleted = new List<Repository>();
            return new AlteredIndex(index)
            {
                Delete = async (name, cancellation) =>
                {
                    if (await index.GetAsync(name, cancellation) is { Description: { Length: > 255 } text })
                        deleted.Add(new(name, text[255..]));
                    return await index.DeleteAsync(name, cancellation);
                },
                Search = async (request, cancellation) =>
                {
                    var page = await index.SearchAsync(request, cancellation);
                    return page with { Repositories = [.. page.Repositories, .. deleted.Where(r => request.Query.Words.Count > 0 && request.Query.Rank(r) is not null)] };
                },
            };
        }),
        new("searches the first 255 characters of a description", "a-description-of-350-code-points-is-replaced-whole", index => Finding(index, (query, r) => query.Rank(new Repository(r.Name, r.Description is { Length: > 255 } text ? text[..255] : r.Description)) is not null)),
        new("keeps postings of the first 255 characters of an old description", "a-description-of-350-code-points-is-replaced-whole", index => Remembering(index, before => before.Length > 255 ? before[255..] : "")),
        new("compares the first 255 characters of descriptions", "two-texts-that-differ-by-little-are-two", index => Comparing(index, text => text.Length > 255 ? text[..255] : text)),
        new("compares folded descriptions", "two-texts-that-differ-by-little-are-two", index => Comparing(index, RegistryIndex.Folding.Fold)),
        new("compares descriptions without regard to case", "two-texts-that-differ-by-little-are-two", index => Comparing(index, text => text.ToUpperInvariant())),
        new("compares composed descriptions", "two-texts-that-differ-by-little-are-two", index => Comparing(index, text => text.Replace("e\u0301", "\u00e9", StringComparison.Ordinal))),
        new("compares descriptions without the spaces at their end", "two-texts-that-differ-by-little-are-two", index => Comparing(index, text => text.TrimEnd())),
        new("compares descriptions by their length and ends", "two-texts-that-differ-by-little-are-two", index => Comparing(index, text => $"{text.Length}{text[0]}{text[^1]}")),
        new("compares descriptions with one kind of line break", "two-texts-that-differ-by-little-are-two", index => Comparing(index, text => text.ReplaceLineEndings())),
    ];

    private static string? Words(Repository repository, int most) => repository.Description is { } text ? string.Join(' ', text.Split(' ').Take(most)) : null;

    // Ignores a write if the compared parts are equal.
    private static AlteredIndex Comparing(MemoryIndex index, Func<string, string> compared) => new(index)
    {
        Upsert = async (r, cancellation) =>
            await index.GetAsync(r.Name, cancellation) is { Description: { } before } && r.Description is { } after && compared(before) == compared(after)
                ? UpsertOutcome.Unchanged
                : await index.UpsertAsync(r, cancellation),
    };

    // Still finds a repository by a part of its old text.
    private static AlteredIndex Remembering(MemoryIndex index, Func<string, string> left)
    {
        var former = new Dictionary<string, string>();
        return new(index)
        {
            Upsert = async (r, cancellation) =>
            {
                if (await index.GetAsync(r.Name, cancellation) is { Description: { } before } && before != r.Description)
                    former[r.Name] = left(before);
                return await index.UpsertAsync(r, cancellation);
            },
            Search = (request, cancellation) => SearchAsync(index, request, (query, r) => query.Rank(new Repository(r.Name, $"{r.Description} {former.GetValueOrDefault(r.Name)}")), cancellation: cancellation),
        };
    }
}
