namespace RegistryIndex.Conformance.Tests.Memory;

/// <summary>The store that several processes share: its data, and the failures that a harness can cause.</summary>
public sealed class MemoryStore
{
    public const string Schema = "1";

    private long _writes;

    /// <summary>The index behind all processes. Null until one has initialized it.</summary>
    public ReferenceIndex? Data { get; private set; }

    public string SchemaVersion { get; set; } = Schema;

    public string? Foreign { get; set; }

    public bool IsBroken { get; set; }

    /// <summary>Whether the failure is permanent.</summary>
    public bool IsLasting { get; set; }

    /// <summary>The number of requests until the store breaks. Null if it does not.</summary>
    public int? RequestsLeft { get; set; }

    /// <summary>Completes when the store answers again. Null if it answers.</summary>
    public TaskCompletionSource? Held { get; set; }

    public long Writes => Interlocked.Read(ref _writes);

    public IReadOnlyList<Repository> Predecessor { get; set; } = [];

    /// <summary>The same with valid descriptions (contract 6.8).</summary>
    public IEnumerable<Repository> Adoptable => Predecessor.Select(row => new Repository(row.Name, RepositoryDescription.FromIngest(row.Description)));

    public Lock Gate { get; } = new();

    /// <summary>Accepts a request.</summary>
    /// <returns>Whether it fails.</returns>
    public bool Fails() => IsBroken || (RequestsLeft is not null && --RequestsLeft < 0);

    public void Mend()
    {
        (IsBroken, IsLasting, RequestsLeft) = (false, false, null);
        Held?.SetResult();
        Held = null;
    }

    public void HasWritten() => Interlocked.Increment(ref _writes);

    /// <summary>Creates what is missing.</summary>
    public void Create()
    {
        lock (Gate)
            Data ??= new(Adoptable);
    }

    /// <summary>Deletes the data, which no provider may do.</summary>
    public void Wipe(IEnumerable<Repository>? except = null)
    {
        lock (Gate)
            Data = new(except);
    }
}
