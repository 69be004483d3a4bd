namespace RegistryIndex.Benchmarks.Relevance;

/// <summary>How well a page answers a search.</summary>
/// <param name="First">1 if the first row fits, otherwise 0.</param>
/// <param name="FirstThree">The share of the first three rows that fit. If fewer names fit, of as many rows.</param>
/// <param name="NamedRow">The number of the first row with an expected name. Null if the page has none.</param>
internal readonly record struct Score(double First, double FirstThree, int? NamedRow)
{
    /// <param name="search">The expectation.</param>
    /// <param name="page">The names of the page, best first.</param>
    /// <param name="fitting">How many of all names fit.</param>
    public static Score Of(ExpectedSearch search, IReadOnlyList<string> page, int fitting)
    {
        var before = page.TakeWhile(name => !search.Named.Contains(name)).Count();
        return new(Share(1), Share(Math.Clamp(fitting, 1, 3)), before < page.Count ? before + 1 : null);

        double Share(int rows) => page.Take(rows).Count(name => search.Fitting.IsMatch(name)) / (double)rows;
    }

    public bool IsNamedWithin(int rows) => NamedRow <= rows;
}
