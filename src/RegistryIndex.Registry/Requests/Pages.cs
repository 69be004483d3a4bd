using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using RegistryIndex.Registry.Answers;

namespace RegistryIndex.Registry.Requests;

/// <summary>Lists that a registry answers page by page.</summary>
internal static class Pages
{
    private const int MaxPages = 1_000_000;
    private const int MaxEmptyPages = 1_000; // one after the other
    private const int MaxBytes = 32 << 20; // distribution 2.8 lists all tags of a repository at once

    /// <summary>Reads the first page and those that follow it.</summary>
    /// <param name="http">The registry.</param>
    /// <param name="first">The answer with the first page, which is disposed of.</param>
    /// <param name="scope">What the requests need to be allowed.</param>
    /// <param name="type">What a page is.</param>
    /// <param name="what">What it is a list of, for people.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="Sources.RegistrySourceException">A page cannot be read, or they never end: what was yielded is not all.</exception>
    public static async IAsyncEnumerable<T> ReadPagesAsync<T>(
        this RegistryHttp http, HttpResponseMessage first, string scope, JsonTypeInfo<T> type, string what, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IPage
    {
        var (response, link, names, filled, empty) = (first, default(Uri), default(IReadOnlyList<string?>), 0, 0);
        for (var pages = 1; ; pages++)
        {
            Uri? next;
            T page;
            using (response)
            {
                page = await http.ReadPageAsync(response, type, what, cancellationToken);
                next = http.NextPage(response);
                empty = page.Names.Count > 0 ? 0 : empty + 1;

                // Brent: a circle of pages, whatever its length, comes by a landmark that is moved on at powers of two. Its links may be
                // ever new ones; pages of nothing say nothing, as what a user may not see is left out of them.
                if (next is not null && (next == link || (names is not null && names.SequenceEqual(page.Names, StringComparer.Ordinal)) || pages == MaxPages || empty == MaxEmptyPages))
                    throw http.Strange(response, $"{what} whose pages lead in a circle");
            }

            yield return page;
            if (next is null)
                yield break;
            if (BitOperations.IsPow2(pages))
                link = next;
            if (page.Names.Count > 0 && BitOperations.IsPow2(++filled))
                names = page.Names;
            response = await http.GetAsync(next, scope, cancellationToken);
        }
    }

    /// <summary>Reads the one page that an answer holds.</summary>
    public static async Task<T> ReadPageAsync<T>(this RegistryHttp http, HttpResponseMessage response, JsonTypeInfo<T> type, string what, CancellationToken cancellationToken)
        where T : class, IPage
    {
        var page = await http.ReadJsonAsync(response, type, MaxBytes, cancellationToken);
        return page.FindProblem() is { } problem
            ? throw http.Strange(response, $"{what} {problem}") // whatever answered: it was not this list
            : page;
    }
}
