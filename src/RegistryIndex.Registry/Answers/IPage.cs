namespace RegistryIndex.Registry.Answers;

/// <summary>A page of a list.</summary>
internal interface IPage
{
    /// <summary>Returns what is wrong with the page, such as "a list without names"; null when nothing is wrong.</summary>
    string? FindProblem();

    /// <summary>The names that the page lists.</summary>
    IReadOnlyList<string?> Names { get; }
}
