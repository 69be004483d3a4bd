namespace RegistryIndex;

/// <summary>The one error of a provider whose store failed, was throttled, or holds what it should not (contract 7.1).</summary>
/// <remarks>Wrong arguments are <see cref="ArgumentException"/>, a cancelled call is <see cref="OperationCanceledException"/>.</remarks>
public sealed class RegistryIndexException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="provider">The provider that failed, by the name of its backend.</param>
    /// <param name="operation">The operation, in a word: <c>search</c>, <c>upsert</c>, <c>initialize</c>, …</param>
    /// <param name="problem">One sentence: what was wrong, where, and what to do.</param>
    /// <param name="mayRetry">Whether the same call may succeed later without anybody mending anything.</param>
    /// <param name="innerException">What the store's client threw.</param>
    public RegistryIndexException(string provider, string operation, string problem, bool mayRetry, Exception? innerException = null)
        : base($"{provider} {operation}: {problem}", innerException)
    {
        Provider = provider;
        Operation = operation;
        MayRetry = mayRetry;
    }

    /// <summary>The same failure as that of the operation that was called, where a part of it found it (contract 7.5).</summary>
    /// <param name="operation">The operation that was called.</param>
    public RegistryIndexException During(string operation) => operation == Operation ? this : new(Provider, operation, Message[$"{Provider} {Operation}: ".Length..], MayRetry, this);

    /// <summary>The provider that failed, by the name of its backend.</summary>
    public string Provider { get; }

    /// <summary>The operation that failed, in a word.</summary>
    public string Operation { get; }

    /// <summary>Whether the same call may succeed later without anybody mending anything.</summary>
    public bool MayRetry { get; }
}
