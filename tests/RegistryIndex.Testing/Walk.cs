using System.Globalization;

namespace RegistryIndex.Testing;

/// <summary>Walks through all pages of a search.</summary>
public static class Walk
{
    /// <summary>The repositories of all pages in order, or of the first so many.</summary>
    public static async Task<List<Repository>> AllPagesAsync(IRegistryIndex index, string query, int limit, int most = int.MaxValue, CancellationToken cancellationToken = default)
    {
        var all = new List<Repository>();
        string? continuation = null;
        do
        {
            var page = await index.SearchAsync(new(query, limit, continuation), cancellationToken);
            if (page.Repositories.Count > limit)
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"A page of {page.Repositories.Count} where {limit} were asked for."));
            all.AddRange(page.Repositories);
            continuation = page.Continuation;
        }
        while (continuation is not null && all.Count < most);
        return all;
    }

    /// <summary>Compares two indexes over many random queries, whole walks and pages begun on one and continued on the other.</summary>
    /// <returns>The first difference as a sentence, or null.</returns>
    public static async Task<string?> FindDifferenceAsync(IRegistryIndex actual, IRegistryIndex expected, RandomData data, IReadOnlyList<Repository> there, int queries, CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < queries; i++)
        {
            var (query, limit) = (data.Query(there), data.Limit());
            var most = 10 * limit;
            var all = await AllPagesAsync(expected, query, 100, cancellationToken: cancellationToken);
            var want = all.Take(most).ToList();
            var got = (await AllPagesAsync(actual, query, limit, most, cancellationToken)).Take(most).ToList();
            if (!want.SequenceEqual(got))
            {
                var at = want.Zip(got).TakeWhile(pair => pair.First == pair.Second).Count();
                return $"Query '{query}' with pages of {limit}: expected {want.Count} rows, got {got.Count}; they differ from row {at} on: expected {want.ElementAtOrDefault(at)}, got {got.ElementAtOrDefault(at)}.";
            }

            var first = await expected.SearchAsync(new(query, limit), cancellationToken);
            if (first.Continuation is null)
                continue;
            var second = await actual.SearchAsync(new(query, limit, first.Continuation), cancellationToken);
            if (second.Repositories.Count == 0 || !all.Skip(limit).Take(second.Repositories.Count).SequenceEqual(second.Repositories))
                return $"Query '{query}' with pages of {limit}: the second page differs when the first came from {expected.Provider}.";
        }

        return null;
    }
}
