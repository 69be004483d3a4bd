namespace RegistryIndex.Conformance.Running;

/// <summary>The provider did not do what the case expects.</summary>
internal sealed class ExpectationException(string expected, string came, IReadOnlyList<string>? done = null)
    : Exception($"Expected {expected}, but came {came}")
{
    public string Expected { get; } = expected;

    public string Came { get; } = came;

    /// <summary>The calls that led to the failure, if there are fewer than in the journal.</summary>
    public IReadOnlyList<string>? Done { get; } = done;

    /// <summary>The names of the repositories at which the expected and the actual result start to differ.</summary>
    public IReadOnlyCollection<string> Border { get; init; } = [];
}
