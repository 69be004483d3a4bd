namespace RegistryIndex.Conformance.Xunit;

/// <summary>
/// A provider failed a case. The message states the promise, the calls, the expected and the actual result, and what the failure means for users.
/// </summary>
public sealed class ConformanceException : Exception
{
    internal ConformanceException(CaseResult result)
        : base($"{result.Case.Statement} (contract {string.Join(", ", result.Case.Clauses)})\n{result.Message}\nMeans:    {result.Case.Meaning}") => Result = result;

    /// <summary>The result of the case.</summary>
    public CaseResult Result { get; }
}
