using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;

namespace RegistryIndex.Server.Access;

/// <summary>What came of a login.</summary>
internal enum Login
{
    Right,
    Wrong,

    /// <summary>Too many passwords are being checked already.</summary>
    Busy,
}

/// <summary>
/// Checks passwords by bcrypt, which is slow on purpose: a right one is remembered for a minute, and only a few are checked at a
/// time, so that a flood of wrong ones takes neither all processors nor memory. Thread-safe.
/// </summary>
internal sealed class PasswordCheck(WatchedFile<FrozenDictionary<string, string>> users) : IDisposable
{
    private const int MostWaiting = 32;
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _right = new(new MemoryCacheOptions { SizeLimit = MostRemembered });
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly SemaphoreSlim _turn = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    public async Task<Login> CheckAsync(string user, string password, CancellationToken cancellationToken)
    {
        var all = users.Value;
        var hash = all.GetValueOrDefault(user);

        // By a key of this process: what is looked up says nothing of the password, nor does how long that takes. The hash is part of
        // it, so that a changed password is forgotten at once.
        var known = hash is null ? null : Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{user}\0{hash}\0{password}")));
        if (known is not null && _right.TryGetValue(known, out _))
            return Login.Right;
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return Login.Busy;
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            // Where there is no such user another's hash is checked, so that the answer takes as long as for one there is.
            var isRight = await Task.Run(() => BCrypt.Net.BCrypt.Verify(password, hash ?? all.Values[0]), cancellationToken) && hash is not null;
            if (isRight)
                _right.Set(known!, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Remembered });
            return isRight ? Login.Right : Login.Wrong;
        }
        catch (Exception error) when (error is BCrypt.Net.SaltParseException or ArgumentException)
        {
            return Login.Wrong;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _right.Dispose();
        _turn.Dispose();
    }
}
