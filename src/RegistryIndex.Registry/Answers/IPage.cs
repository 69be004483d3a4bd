namespace RegistryIndex.Registry.Answers;

/// <summary>A page of a list.</summary>
internal interface IPage
{
    /// <summary>What is wrong with it, as in "a list without names"; null when nothing is.</summary>
    string? FindProblem();

    /// <summary>What it lists.</summary>
    IReadOnlyList<string?> Names { get; }
}
