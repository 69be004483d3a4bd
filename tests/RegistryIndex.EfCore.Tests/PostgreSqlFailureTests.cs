using RegistryIndex.Testing;
using RegistryIndex.Testing.PostgreSql;

namespace RegistryIndex.EfCore.Tests;

/// <summary>A server that stops, is read-only or has a full disk causes clear errors and no partial writes, and we need no restart.</summary>
public sealed class PostgreSqlFailureTests : IAsyncLifetime
{
    private PostgreSqlServer? _server;
    private PostgreSqlTestDatabase? _database;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private PostgreSqlTestDatabase Database => _database!;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_restart_of_the_server_between_calls_causes_no_error()
    {
        var index = await StartAsync();
        await index.UpsertAsync(new("team/app", "a text"), Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => index.SearchAsync(new("text"), Cancellation))); // so that there are several connections
        await _server!.StopAsync();
        await _server.RestartAsync();
        (await index.SearchAsync(new("text"), Cancellation)).Repositories.Should().ContainSingle();
        (await index.UpsertAsync(new("team/app", "another text"), Cancellation)).Should().Be(UpsertOutcome.Updated);
    }

    [Fact]
    public async Task A_server_killed_during_an_import_leaves_whole_batches_and_the_import_can_be_repeated()
    {
        var index = await StartAsync();
        var all = Enumerable.Range(0, 8_000).Select(i => new Repository($"team/app-{i:d5}", "a text")).ToList();
        var import = () => index.ImportAsync(UntilKilledAsync(), cancellationToken: Cancellation);
        var error = (await import.Should().ThrowAsync<RegistryIndexException>()).Which;
        error.MayRetry.Should().BeTrue();
        error.Message.Should().StartWith("efcore import: the server ");
        var searching = () => index.SearchAsync(new("text"), Cancellation);
        (await searching.Should().ThrowAsync<RegistryIndexException>()).Which.Should().Match<RegistryIndexException>(e => e.MayRetry && e.Message.Contains("cannot be reached"));

        await _server!.RestartAsync();
        var stored = (await index.GetStatusAsync(Cancellation)).Repositories;
        stored.Should().BeGreaterThanOrEqualTo(3_000).And.BeLessThan(8_000);
        (stored % 1_000).Should().Be(0);
        (await Database.ReadAsync("SELECT count(*) FROM registry_index_text")).Should().Equal($"{stored}");
        (await index.ImportAsync(all.ToAsyncEnumerable(), cancellationToken: Cancellation)).Should().Be(new ImportResult { Added = 8_000 - stored, Unchanged = stored });
        (await index.ListAsync(cancellationToken: Cancellation).ToListAsync(Cancellation)).Should().Equal(all);

        async IAsyncEnumerable<Repository> UntilKilledAsync()
        {
            foreach (var repository in all)
            {
                if (repository.Name == "team/app-04500")
                    await _server!.StopAsync(kills: true);
                yield return repository;
            }
        }
    }

    [Fact]
    public async Task Lost_connections_never_shorten_the_answers_of_concurrent_searches()
    {
        var index = await StartAsync();
        await index.ImportAsync(Enumerable.Range(0, 60).Select(i => new Repository($"team/app-{i:d5}", "a text")).ToAsyncEnumerable(), cancellationToken: Cancellation);
        using var stop = new CancellationTokenSource();
        var trouble = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Database.AdministerAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{Database.Name}'");
                await Task.Delay(30, Cancellation);
            }
        }, Cancellation);
        var answered = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Cancellation }, async (_, _) =>
        {
            try
            {
                (await EveryPage.ReadAsync(index, "text", 25, cancellationToken: Cancellation)).Should().HaveCount(60);
                Interlocked.Increment(ref answered);
            }
            catch (RegistryIndexException error)
            {
                error.MayRetry.Should().BeTrue();
            }
        });
        await stop.CancelAsync();
        await trouble;
        answered.Should().BePositive();
        (await index.SearchAsync(new("text", 100), Cancellation)).Repositories.Should().HaveCount(60);
    }

    [Fact]
    public async Task A_read_only_database_can_be_searched_and_a_write_is_a_clear_error()
    {
        var index = await StartAsync();
        await index.UpsertAsync(new("team/app", "a text"), Cancellation);
        await SetReadOnlyAsync("on");
        var later = await Database.OpenAsync();
        (await later.SearchAsync(new("text"), Cancellation)).Repositories.Should().ContainSingle();
        foreach (var writing in (Func<Task>[])
        [
            () => index.UpsertAsync(new("team/app", "another text"), Cancellation),
            () => later.DeleteAsync("team/app", Cancellation),
            () => later.TryReplaceMarkAsync("first-load", null, "x", Cancellation),
            () => index.ImportAsync(((Repository[])[new("new")]).ToAsyncEnumerable(), cancellationToken: Cancellation),
        ])
        {
            (await writing.Should().ThrowAsync<RegistryIndexException>().WithMessage("*the database is read-only; name the primary server*")).Which.MayRetry.Should().BeFalse();
        }

        (await later.ListAsync(cancellationToken: Cancellation).ToListAsync(Cancellation)).Should().Equal(new Repository("team/app", "a text"));
        await SetReadOnlyAsync("off");
        (await index.UpsertAsync(new("team/app", "another text"), Cancellation)).Should().Be(UpsertOutcome.Updated);
    }

    [Fact]
    public async Task An_empty_read_only_database_is_refused_in_one_sentence()
    {
        await StartAsync(initialize: false);
        await SetReadOnlyAsync("on");
        var opening = () => Database.OpenAsync();
        await opening.Should().ThrowAsync<RegistryIndexException>().WithMessage("efcore initialize: the database is read-only*");
        (await Database.ReadAsync("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")).Should().Equal("0");
    }

    [Fact]
    public async Task A_full_disk_ends_an_import_in_one_sentence_and_with_free_space_the_import_works()
    {
        PostgreSqlTestDatabase.SkipWhereThereIsNone();
        Assert.SkipUnless(Environment.UserName == "root" && OperatingSystem.IsLinux(), "A small disk can only be mounted by root.");
        _server = await PostgreSqlServer.StartAsync(withSmallDisk: true);
        _database = await PostgreSqlTestDatabase.NewAsync(server: _server);
        await Database.AdministerAsync($"CREATE TABLESPACE small LOCATION '{_server.SmallDisk}'");
        await Database.AdministerAsync($"ALTER DATABASE {Database.Name} SET TABLESPACE small");
        var index = await Database.OpenAsync();
        await index.UpsertAsync(new("team/app", "a text"), Cancellation);
        await Database.ExecuteAsync("CREATE TABLE filler (text text); ALTER TABLE filler ALTER text SET STORAGE EXTERNAL");
        var filling = async () =>
        {
            for (var size = 1_000_000; ; size = Math.Max(size / 2, 4_000))
                await Database.ExecuteAsync($"INSERT INTO filler SELECT repeat('x', {size}) FROM generate_series(1, 2)");
        };
        await filling.Should().ThrowAsync<Npgsql.PostgresException>();

        var all = Enumerable.Range(0, 3_000).Select(i => new Repository($"team/app-{i:d5}", $"a text about number {i}")).ToList();
        var import = () => index.ImportAsync(all.ToAsyncEnumerable(), cancellationToken: Cancellation);
        (await import.Should().ThrowAsync<RegistryIndexException>().WithMessage("efcore import: the server's disk is full; make room, nothing was half-written*")).Which.MayRetry.Should().BeFalse();
        var stored = (await index.GetStatusAsync(Cancellation)).Repositories;
        (stored % 1_000).Should().Be(1);
        (await Database.ReadAsync("SELECT count(*) FROM registry_index_text")).Should().Equal($"{stored}");
        (await index.SearchAsync(new("text", 100), Cancellation)).Repositories.Should().Contain(new Repository("team/app", "a text"));
        await Database.ExecuteAsync("DROP TABLE filler");
        (await index.ImportAsync(all.ToAsyncEnumerable(), cancellationToken: Cancellation)).Added.Should().Be(3_001 - stored);
    }

    [Fact]
    public async Task A_wrong_password_a_missing_database_and_a_missing_index_are_one_sentence_each()
    {
        await StartAsync(initialize: false);
        await FailsAsync(Database.UrlFor(PostgreSqlServer.User, "wrong"), "*the server refuses the user or the password*");
        await FailsAsync(Database.Url + "x", "*the database does not exist; create it*");
        await using var uninitialized = PostgreSqlTestDatabase.Create(Database.Url);
        var searching = () => uninitialized.SearchAsync(new("a"), Cancellation);
        await searching.Should().ThrowAsync<RegistryIndexException>().WithMessage("*initialize it first*");

        async Task FailsAsync(string url, string sentence)
        {
            await using var index = PostgreSqlTestDatabase.Create(url);
            var initializing = () => index.InitializeAsync(Cancellation);
            (await initializing.Should().ThrowAsync<RegistryIndexException>().WithMessage(sentence)).Which.Message.Should().NotContain("wrong");
        }
    }

    private async Task<EfCoreRegistryIndex> StartAsync(bool initialize = true)
    {
        PostgreSqlTestDatabase.SkipWhereThereIsNone();
        _server = await PostgreSqlServer.StartAsync();
        _database = await PostgreSqlTestDatabase.NewAsync(server: _server);
        return await Database.OpenAsync(initialize);
    }

    // Like a failover: sessions end, and new ones find the other state.
    private async Task SetReadOnlyAsync(string value)
    {
        await Database.AdministerAsync($"ALTER DATABASE {Database.Name} SET default_transaction_read_only = {value}");
        await Database.AdministerAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{Database.Name}'");
    }
}
