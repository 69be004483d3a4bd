namespace RegistryIndex.Conformance.Tests.Memory;

/// <summary>What several processes share: the stored data, and what a harness can do to a store.</summary>
public sealed class MemoryStore
{
    public const string Schema = "1";

    private long _writes;

    /// <summary>The index behind every process; null until one has initialized it.</summary>
    public ReferenceIndex? Data { get; private set; }

    public string SchemaVersion { get; set; } = Schema;

    public string? Foreign { get; set; }

    public bool IsBroken { get; set; }

    /// <summary>Whether what is broken does not pass by itself.</summary>
    public bool IsLasting { get; set; }

    /// <summary>How many requests it answers until it breaks; null where it does not.</summary>
    public int? RequestsLeft { get; set; }

    /// <summary>Ends when the store answers again; null where it does.</summary>
    public TaskCompletionSource? Held { get; set; }

    public long Writes => Interlocked.Read(ref _writes);

    public IReadOnlyList<Repository> Predecessor { get; set; } = [];

    /// <summary>The same with descriptions that may be stored (contract 6.8).</summary>
    public IEnumerable<Repository> Adoptable => Predecessor.Select(row => new Repository(row.Name, RepositoryDescription.FromIngest(row.Description)));

    public Lock Gate { get; } = new();

    /// <summary>Takes a request.</summary>
    /// <returns>Whether it fails.</returns>
    public bool Fails() => IsBroken || (RequestsLeft is not null && --RequestsLeft < 0);

    public void Mend()
    {
        (IsBroken, IsLasting, RequestsLeft) = (false, false, null);
        Held?.SetResult();
        Held = null;
    }

    public void HasWritten() => Interlocked.Increment(ref _writes);

    /// <summary>Makes what is missing.</summary>
    public void Create()
    {
        lock (Gate)
            Data ??= new(Adoptable);
    }

    /// <summary>What no provider may do.</summary>
    public void Wipe(IEnumerable<Repository>? except = null)
    {
        lock (Gate)
            Data = new(except);
    }
}
