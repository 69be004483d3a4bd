using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Caching.Memory;
using RegistryIndex.Files;

namespace RegistryIndex.Server.Access;

/// <summary>The result of a login.</summary>
internal enum Login
{
    Right,
    Wrong,

    /// <summary>Too many passwords of this client wait for their check.</summary>
    Busy,

    /// <summary>This client has failed too often.</summary>
    TooManyFailures,
}

/// <summary>
/// Checks passwords with bcrypt, which is slow on purpose. A correct password is remembered while it is used. Clients take turns: one
/// password of a client, and few of all clients, are checked at a time, so that a flood of logins takes neither all processors nor the
/// turns of other clients. Thread-safe.
/// </summary>
/// <param name="users">The users and their hashes.</param>
/// <param name="time">The clock.</param>
/// <param name="verify">Whether a password matches a hash; bcrypt by default.</param>
internal sealed class PasswordCheck(WatchedFiles<FrozenDictionary<string, string>> users, TimeProvider time, Func<string, string, bool>? verify = null) : IDisposable
{
    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private const int MostRemembered = 10_000;
    private const int MostWaitingOfClient = 32;

    private readonly Func<string, string, bool> _verify = verify ?? Verify;
    private readonly MemoryCache _right = new(new MemoryCacheOptions { SizeLimit = MostRemembered, Clock = new CacheClock(time) });
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly FailedLogins _failed = new(time);
    private readonly SemaphoreSlim _processors = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly PartitionedRateLimiter<IPAddress> _turns = PartitionedRateLimiter.Create<IPAddress, IPAddress>(client =>
        RateLimitPartition.GetConcurrencyLimiter(client, _ => new() { PermitLimit = 1, QueueLimit = MostWaitingOfClient, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    /// <param name="client">The client that sent the request.</param>
    /// <param name="user">The user.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<Login> CheckAsync(IPAddress client, string user, string password, CancellationToken cancellationToken)
    {
        var all = users.Value;
        var hash = all.GetValueOrDefault(user);
        var account = $"{user}\0{hash}"; // a new password starts a new count

        // Hashed with a key of this process: neither the looked-up value nor the time of the look-up reveals the password. The user's hash is
        // part of the input, so that a changed password is forgotten at once.
        var known = hash is null ? null : Keyed($"{account}\0{password}");
        if (IsRemembered(known))
            return Login.Right;
        using var turn = await _turns.AcquireAsync(client, cancellationToken: cancellationToken);
        if (!turn.IsAcquired)
            return Login.Busy;
        if (IsRemembered(known)) // remembered by another request meanwhile
            return Login.Right;
        if (_failed.AreTooMany(client, account))
            return Login.TooManyFailures;
        if (!await VerifyAsync(password, hash ?? Decoy(all, user), cancellationToken) || known is null)
        {
            _failed.Add(client, account);
            return Login.Wrong;
        }

        _right.Set(known, true, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Remembered });
        return Login.Right;
    }

    public void Dispose()
    {
        users.Dispose();
        _right.Dispose();
        _failed.Dispose();
        _processors.Dispose();
        _turns.Dispose();
    }

    private bool IsRemembered(string? known) => known is not null && _right.TryGetValue(known, out _);

    private async Task<bool> VerifyAsync(string password, string? hash, CancellationToken cancellationToken)
    {
        if (hash is null)
            return false;
        await _processors.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => _verify(password, hash), cancellationToken);
        }
        finally
        {
            _processors.Release();
        }
    }

    // For an unknown user, the hash of another user is checked, always the same one, so that the time does not reveal which users exist.
    private string? Decoy(FrozenDictionary<string, string> all, string user) =>
        all.Count == 0 ? null : all.Values[(int)(Convert.ToUInt32(Keyed(user)[..8], 16) % (uint)all.Count)];

    private string Keyed(string text) => Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));

    private static bool Verify(string password, string hash)
    {
        try
        {
            return BCrypt.Net.BCrypt.Verify(password, hash);
        }
        catch (Exception error) when (error is BCrypt.Net.SaltParseException or ArgumentException)
        {
            return false;
        }
    }
}
