using System.Globalization;

namespace RegistryIndex.Testing;

/// <summary>Reads all pages of a search.</summary>
public static class EveryPage
{
    /// <summary>The repositories of all pages in order.</summary>
    public static async Task<List<Repository>> ReadAsync(IRegistryIndex index, string query, int limit, CancellationToken cancellationToken = default)
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
        while (continuation is not null);
        return all;
    }
}
