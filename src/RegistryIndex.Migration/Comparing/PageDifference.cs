namespace RegistryIndex.Migration.Comparing;

/// <summary>Compares the pages that two indexes return for the same search.</summary>
internal static class PageDifference
{
    /// <summary>
    /// Returns the names that are only on one page, or on both with different content or in a different place. Names after the end of the other
    /// page do not count, because they may be on its next page.
    /// </summary>
    public static HashSet<string> Find(SearchQuery query, SearchPage left, SearchPage right)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        names.UnionWith(OnlyIn(left, right));
        names.UnionWith(OnlyIn(right, left));
        var (ofLeft, ofRight) = (left.Repositories.Intersect(right.Repositories), right.Repositories.Intersect(left.Repositories));
        names.UnionWith(ofLeft.Zip(ofRight).Where(pair => pair.First != pair.Second).Select(pair => pair.First.Name));
        return names;

        IEnumerable<string> OnlyIn(SearchPage page, SearchPage other)
        {
            RankKey? end = other.Continuation is not null && other.Repositories.Count > 0 ? query.Rank(other.Repositories[^1]) : null;
            return page.Repositories.Except(other.Repositories).Where(repository => end is null || query.Rank(repository) <= end).Select(repository => repository.Name);
        }
    }
}
