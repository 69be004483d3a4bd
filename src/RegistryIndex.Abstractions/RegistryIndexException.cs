namespace RegistryIndex;

/// <summary>The exception of a provider whose store failed, was throttled, or holds invalid data (contract 7.1).</summary>
/// <remarks>Invalid arguments throw <see cref="ArgumentException"/>; a cancelled call throws <see cref="OperationCanceledException"/>.</remarks>
public sealed class RegistryIndexException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="provider">The name of the provider that failed.</param>
    /// <param name="operation">The operation, in a word: <c>search</c>, <c>upsert</c>, <c>initialize</c>, …</param>
    /// <param name="problem">One sentence: what was wrong, where, and what to do.</param>
    /// <param name="mayRetry">Whether the same call may succeed later without any repair.</param>
    /// <param name="innerException">The exception of the store's client.</param>
    public RegistryIndexException(string provider, string operation, string problem, bool mayRetry, Exception? innerException = null)
        : base($"{provider} {operation}: {problem}", innerException)
    {
        Provider = provider;
        Operation = operation;
        MayRetry = mayRetry;
    }

    /// <summary>Returns the same failure under the name of the operation that was called, when a part of it failed (contract 7.5).</summary>
    /// <param name="operation">The operation that was called.</param>
    public RegistryIndexException During(string operation) => operation == Operation ? this : new(Provider, operation, Message[$"{Provider} {Operation}: ".Length..], MayRetry, this);

    /// <summary>The name of the provider that failed.</summary>
    public string Provider { get; }

    /// <summary>The operation that failed, in a word.</summary>
    public string Operation { get; }

    /// <summary>Whether the same call may succeed later without any repair.</summary>
    public bool MayRetry { get; }
}
