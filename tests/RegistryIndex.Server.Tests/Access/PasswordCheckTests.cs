using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Files;
using RegistryIndex.Server.Access;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>Which passwords are checked, for which users and when. The hashes are recognized by name, and bcrypt is replaced by the test.</summary>
public sealed class PasswordCheckTests : IDisposable
{
    private static readonly IPAddress Here = IPAddress.Parse("203.0.113.5");
    private static readonly IPAddress There = IPAddress.Parse("203.0.113.6");
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _checked = new();
    private Func<string, bool>? _held;
    private PasswordCheck? _check;

    public void Dispose()
    {
        _check?.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task For_an_unknown_user_one_hash_of_the_file_is_checked_always_the_same()
    {
        var check = Check(("alice", "cost 5"), ("bob", "cost 10"), ("carol", "cost 12"));
        var ofUnknown = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < 300; i++)
        {
            for (var again = 0; again < 2; again++)
            {
                (await check.CheckAsync(AddressOf(i), $"nobody-{i}", "x", CancellationToken.None)).Should().Be(Login.Wrong);
                _checked.TryDequeue(out var hash).Should().BeTrue();
                ofUnknown.TryAdd($"nobody-{i}", hash!);
                hash.Should().Be(ofUnknown[$"nobody-{i}"]);
            }
        }

        ofUnknown.Values.Distinct().Should().BeEquivalentTo(["cost 5", "cost 10", "cost 12"], "the time for an unknown name is that of a real user");
        (await check.CheckAsync(Here, "bob", "x", CancellationToken.None)).Should().Be(Login.Wrong);
        _checked.Should().Equal("cost 10");
    }

    [Fact]
    public async Task An_unknown_user_is_refused_with_the_password_of_another()
    {
        var check = Check(("alice", "right"));
        (await check.CheckAsync(Here, "alice", "right", CancellationToken.None)).Should().Be(Login.Right);
        (await check.CheckAsync(Here, "nobody", "right", CancellationToken.None)).Should().Be(Login.Wrong);
    }

    [Fact]
    public async Task A_right_password_is_cached_while_it_is_used()
    {
        var check = Check(("alice", "right"));
        for (var i = 0; i < 20; i++)
        {
            (await check.CheckAsync(Here, "alice", "right", CancellationToken.None)).Should().Be(Login.Right);
            _time.Advance(PasswordCheck.Remembered - TimeSpan.FromSeconds(1));
        }

        _checked.Should().ContainSingle();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await check.CheckAsync(Here, "alice", "right", CancellationToken.None)).Should().Be(Login.Right);
        _checked.Should().HaveCount(2);
    }

    [Fact]
    public async Task Constant_logins_of_one_client_do_not_lock_out_others()
    {
        var check = Check(("alice", "right"), ("bob", "right"));
        using var hold = new SemaphoreSlim(0);
        (await check.CheckAsync(Here, "bob", "right", CancellationToken.None)).Should().Be(Login.Right);
        _held = password =>
        {
            if (password.StartsWith("guess", StringComparison.Ordinal))
                hold.Wait();
            return true;
        };

        var flood = Enumerable.Range(0, 64).Select(i => check.CheckAsync(Here, $"user-{i}", $"guess {i}", CancellationToken.None)).ToList();
        (await Task.WhenAll(flood.Where(login => login.IsCompleted))).Should().OnlyContain(login => login == Login.Busy).And.HaveCount(64 - 1 - 32);
        (await check.CheckAsync(Here, "bob", "right", CancellationToken.None)).Should().Be(Login.Right, "a cached login does not wait for other logins from this address");
        var other = check.CheckAsync(There, "alice", "right", CancellationToken.None);
        hold.Release(); // its turn comes after the running check, not after the 32 that wait
        (await other).Should().Be(Login.Right);
        flood.Count(login => login.IsCompleted).Should().BeLessThan(64);
        hold.Release(64);
        (await Task.WhenAll(flood)).Should().OnlyContain(login => login != Login.Right);
    }

    [Fact]
    public async Task Many_requests_with_one_login_cost_one_check()
    {
        var check = Check(("alice", "right"));
        var logins = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => check.CheckAsync(Here, "alice", "right", CancellationToken.None)));
        logins.Should().OnlyContain(login => login == Login.Right);
        _checked.Should().ContainSingle();
    }

    [Fact]
    public async Task A_client_that_guesses_passwords_is_refused_without_a_check_and_others_are_not()
    {
        var check = Check(("alice", "right"), ("bob", "right"));
        for (var i = 0; i < FailedLogins.MostOfUser; i++)
            (await check.CheckAsync(Here, "alice", $"guess {i}", CancellationToken.None)).Should().Be(Login.Wrong);
        _checked.Clear();
        (await check.CheckAsync(Here, "alice", "right", CancellationToken.None)).Should().Be(Login.TooManyFailures);
        _checked.Should().BeEmpty();
        (await check.CheckAsync(Here, "bob", "right", CancellationToken.None)).Should().Be(Login.Right, "another user at the same address");
        (await check.CheckAsync(There, "alice", "right", CancellationToken.None)).Should().Be(Login.Right, "the user at another address");
        (await check.CheckAsync(Here, "alice", "right", CancellationToken.None)).Should().Be(Login.Right, "a user who is logged in");

        _time.Advance(FailedLogins.Window);
        (await check.CheckAsync(Here, "alice", "guess", CancellationToken.None)).Should().Be(Login.Wrong);
    }

    [Fact]
    public async Task A_client_that_guesses_for_many_users_is_refused_without_a_check()
    {
        var check = Check(("alice", "right"));
        for (var i = 0; i < FailedLogins.MostOfClient; i++)
            (await check.CheckAsync(Here, $"user-{i}", "guess", CancellationToken.None)).Should().Be(Login.Wrong);
        (await check.CheckAsync(Here, "alice", "right", CancellationToken.None)).Should().Be(Login.TooManyFailures);
        (await check.CheckAsync(There, "alice", "right", CancellationToken.None)).Should().Be(Login.Right);
    }

    private static IPAddress AddressOf(int i) => new([10, 0, (byte)(i >> 8), (byte)i]);

    private PasswordCheck Check(params (string User, string Hash)[] users)
    {
        var file = Path.Combine(_directory.Path, "htpasswd");
        File.WriteAllText(file, "");
        var all = users.ToFrozenDictionary(user => user.User, user => user.Hash, StringComparer.Ordinal);
        return _check = new(new WatchedFiles<FrozenDictionary<string, string>>([file], _ => all, _time, NullLogger.Instance), _time, (password, hash) =>
        {
            _checked.Enqueue(hash);
            return (_held?.Invoke(password) ?? true) && password == hash;
        });
    }
}
