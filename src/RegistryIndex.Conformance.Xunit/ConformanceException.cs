namespace RegistryIndex.Conformance.Xunit;

/// <summary>A provider failed a case: what it promises, what was done, what was expected, what came, and what that means for people.</summary>
public sealed class ConformanceException : Exception
{
    internal ConformanceException(CaseResult result)
        : base($"{result.Case.Statement} (contract {string.Join(", ", result.Case.Clauses)})\n{result.Message}\nMeans:    {result.Case.Meaning}") => Result = result;

    /// <summary>What came of the case.</summary>
    public CaseResult Result { get; }
}
