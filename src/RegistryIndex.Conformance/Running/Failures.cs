namespace RegistryIndex.Conformance.Running;

/// <summary>The provider did something else than it should.</summary>
internal sealed class ExpectationException(string expected, string came, IReadOnlyList<string>? done = null)
    : Exception($"Expected {expected}, but came {came}")
{
    public string Expected { get; } = expected;

    public string Came { get; } = came;

    /// <summary>What was done, where that is shorter than what the journal holds.</summary>
    public IReadOnlyList<string>? Done { get; } = done;

    /// <summary>The repositories at which what was expected and what came part, by name.</summary>
    public IReadOnlyCollection<string> Border { get; init; } = [];
}

/// <summary>The case is about something that the provider may leave out, and does.</summary>
internal sealed class NotApplicableException(string reason) : Exception(reason);

/// <summary>The harness failed; the provider is not to blame.</summary>
internal sealed class HarnessException(string what, Exception inner)
    : Exception($"The harness could not {what}: {inner.GetType().Name}: {inner.Message}", inner);
