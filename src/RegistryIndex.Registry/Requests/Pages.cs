using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using RegistryIndex.Registry.Answers;

namespace RegistryIndex.Registry.Requests;

/// <summary>Reads lists that a registry answers in pages.</summary>
internal static class Pages
{
    private const int MaxPages = 1_000_000;
    private const int MaxEmptyPages = 1_000; // in a row
    private const int MaxBytes = 32 << 20; // distribution 2.8 lists all tags of a repository at once

    /// <summary>Reads the first page and the pages that follow it.</summary>
    /// <param name="http">The registry.</param>
    /// <param name="first">The answer with the first page; it is disposed of.</param>
    /// <param name="scope">The access that the requests need.</param>
    /// <param name="type">The JSON type of a page.</param>
    /// <param name="what">The name of the list, for people.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    /// <exception cref="Sources.RegistrySourceException">A page cannot be read, or the pages never end: what was yielded is incomplete.</exception>
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

                // Brent's algorithm: a circle of pages of any length returns to a landmark that moves at powers of two. The links may always
                // be new, so the names are compared too. Empty pages are not compared, as a registry leaves out the names that a user may not
                // see.
                if (next is not null && (next == link || (names is not null && names.SequenceEqual(page.Names, StringComparer.Ordinal)) || pages == MaxPages || empty == MaxEmptyPages))
                    throw http.Strange(response, $"{what} whose pages form a loop");
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

    /// <summary>Reads the single page of an answer.</summary>
    public static async Task<T> ReadPageAsync<T>(this RegistryHttp http, HttpResponseMessage response, JsonTypeInfo<T> type, string what, CancellationToken cancellationToken)
        where T : class, IPage
    {
        var page = await http.ReadJsonAsync(response, type, MaxBytes, cancellationToken);
        return page.FindProblem() is { } problem
            ? throw http.Strange(response, $"{what} {problem}") // the answer is not this list
            : page;
    }
}
