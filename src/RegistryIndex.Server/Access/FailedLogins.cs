using System.Net;
using Microsoft.Extensions.Caching.Memory;

namespace RegistryIndex.Server.Access;

/// <summary>
/// Counts the wrong passwords of a client: ten a minute for one account, and a hundred for all. Above these limits, its logins are refused
/// without a check, so that guessing is slow. Other clients, and clients that are logged in, are not affected. Thread-safe.
/// </summary>
internal sealed class FailedLogins(TimeProvider time) : IDisposable
{
    public const int MostOfUser = 10;
    public const int MostOfClient = 100;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private const int MostCounted = 100_000;

    private readonly MemoryCache _counts = new(new MemoryCacheOptions { SizeLimit = MostCounted, Clock = new CacheClock(time) });

    public bool AreTooMany(IPAddress client, string account) => Count((client, account)) >= MostOfUser || Count((client, null)) >= MostOfClient;

    public void Add(IPAddress client, string account)
    {
        Add((client, account));
        Add((client, null));
    }

    public void Dispose() => _counts.Dispose();

    private int Count((IPAddress Client, string? Account) whose) => _counts.TryGetValue(whose, out Counter? counter) ? Volatile.Read(ref counter!.Value) : 0;

    private void Add((IPAddress Client, string? Account) whose)
    {
        var counter = _counts.GetOrCreate(whose, entry =>
        {
            entry.Size = 1;
            entry.AbsoluteExpirationRelativeToNow = Window;
            return new Counter();
        });
        Interlocked.Increment(ref counter!.Value);
    }

    private sealed class Counter
    {
        public int Value;
    }
}
