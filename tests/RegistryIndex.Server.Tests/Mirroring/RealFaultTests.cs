using System.Net;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Server.Tests.Moving;
using RegistryIndex.Testing;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.Server.Tests.Mirroring;

/// <summary>A real DynamoDB as secondary is down, throttles or refuses. Users of the primary do not notice.</summary>
public sealed class RealFaultTests : MoveTest
{
    private readonly Mirrors _mirrors = new();

    public override async ValueTask DisposeAsync()
    {
        await _mirrors.DisposeAsync();
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData("down")]
    [InlineData("throttled")]
    [InlineData("refusing")]
    public async Task The_secondary_catches_up_when_it_has_recovered(string fault)
    {
        var prefix = NewPrefix();
        using var client = new FaultyDynamoDb(Endpoint);
        await using var near = Open(("search_backend", "sqlalchemy"), ("sqlalchemy_index_database", Sqlite()));
        await using var far = OpenDynamo(prefix, client);
        await using (var mirror = await _mirrors.OpenAsync(near.Index, far.Index))
        {
            await WriteAsync(mirror, 0);
            await Mirrors.CaughtUpAsync(mirror);
            Break(client, fault);
            await WriteAsync(mirror, 1);
            await Eventually.BeAsync(() => _mirrors.Count("writes failed") > 0);
            await WriteAsync(mirror, 2);
            mirror.State.Problem.Should().NotBeNull();
            (await mirror.SearchAsync(new("round"), Stop)).Repositories.Should().HaveCount(20).And.OnlyContain(repository => repository.Description == "round 2");

            Break(client, "none");
            await Mirrors.CaughtUpAsync(mirror);
        }

        await ShouldBeEqualAsync(Sqlite(), Dynamo(prefix), 20);
    }

    [Fact]
    public async Task A_migration_repairs_writes_that_were_lost_with_the_process()
    {
        var prefix = NewPrefix();
        using var client = new FaultyDynamoDb(Endpoint);
        await using (var near = Open(("search_backend", "sqlalchemy"), ("sqlalchemy_index_database", Sqlite())))
        await using (var far = OpenDynamo(prefix, client))
        await using (var mirror = await _mirrors.OpenAsync(near.Index, far.Index))
        {
            await WriteAsync(mirror, 0);
            await mirror.UpsertAsync(new("gone/later", "deleted while the secondary was away"), Stop);
            await Mirrors.CaughtUpAsync(mirror);
            Break(client, "refusing");
            await WriteAsync(mirror, 1);
            await mirror.DeleteAsync("gone/later", Stop);
        }

        (await RunAsync("verify", "--from", Sqlite(), "--to", Dynamo(prefix), "--searches", "0")).Stdout.Split('\n').Should().Contain(line => line.Contains("extra")).And.Contain(line => line.Contains("\"difference\":\"description\""));
        var repair = await DoAsync("migrate", "--from", Sqlite(), "--to", Dynamo(prefix), "--merge", "--delete");
        repair.Stderr.Should().Contain("20 updated").And.Contain("1 were deleted");
        await ShouldBeEqualAsync(Sqlite(), Dynamo(prefix), 20);
    }

    private static void Break(FaultyDynamoDb client, string fault)
    {
        client.Throttled = fault == "throttled" ? 1 : 0;
        client.Before = fault switch
        {
            "down" => _ => throw new HttpRequestException("connection refused by the test"),
            "refusing" => _ => throw new AmazonDynamoDBException("not allowed by the test") { ErrorCode = "AccessDeniedException", StatusCode = HttpStatusCode.BadRequest },
            _ => null,
        };
    }

    private static async Task WriteAsync(OpenMirror mirror, int round)
    {
        for (var i = 0; i < 20; i++)
            await mirror.UpsertAsync(new($"team/app-{i}", $"round {round}"), Stop);
    }

    private Opened OpenDynamo(string prefix, IAmazonDynamoDB client) => Open(
        client, ("search_backend", "dynamodb"), ("extensions:dynamodb_index:database", prefix), ("extensions:dynamodb_index:endpoint", Endpoint), ("extensions:dynamodb_index:retry_timeout", "0"));

    private static Opened Open(params (string Key, string Value)[] settings) => Open(null, settings);

    private static Opened Open(IAmazonDynamoDB? client, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        var services = new ServiceCollection().AddLogging();
        if (client is not null)
            services.AddSingleton(client);
        var provider = services.AddRegistryIndex(configuration).BuildServiceProvider();
        return new(provider, provider.GetRequiredService<IRegistryIndex>());
    }

    private sealed record Opened(ServiceProvider Services, IRegistryIndex Index) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Services.DisposeAsync();
    }
}
