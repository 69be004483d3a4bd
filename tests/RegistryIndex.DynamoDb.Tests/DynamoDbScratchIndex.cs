using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.Conformance;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.Testing.DynamoDb;

namespace RegistryIndex.DynamoDb.Tests.Conformance;

/// <summary>The operations of the kit's harness on the tables of an index.</summary>
internal sealed class DynamoDbScratchIndex(TestIndexes tables) : ScratchIndex
{
    private readonly List<FaultyDynamoDb> _clients = [];
    private long _writes;
    private volatile bool _isBroken;
    private int _requestsLeft = int.MaxValue;
    private TimeSpan _delay;

    private string GuestTable => tables.Options.Database + "-guests";

    /// <summary>A client for each index, as each process has one.</summary>
    public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken)
    {
        var client = tables.NewClient();
        (client.Before, client.After, client.Delay) = (FailIfBrokenAsync, CountAsync, _delay);
        _clients.Add(client);
        return Task.FromResult<IRegistryIndex>(tables.New(client));
    }

    /// <summary>Another process may cache old rows for some seconds.</summary>
    public override Task WaitUntilVisibleAsync(CancellationToken cancellationToken)
    {
        tables.Time.Advance(RowMemory.Lasts);
        return Task.CompletedTask;
    }

    /// <summary>Simulates missing permissions, which fail at once, while a missing answer would be waited for.</summary>
    public override Task BreakAsync(CancellationToken cancellationToken)
    {
        _isBroken = true;
        return Task.CompletedTask;
    }

    public override Task BreakForGoodAsync(CancellationToken cancellationToken) => BreakAsync(cancellationToken);

    public override Task BreakAfterAsync(int requests, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _requestsLeft, requests);
        return Task.CompletedTask;
    }

    /// <summary>Holds back all replies. Only its token ends a call that waits for one.</summary>
    public override Task HoldAsync(CancellationToken cancellationToken)
    {
        Delay(Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }

    public override Task MendAsync(CancellationToken cancellationToken)
    {
        (_isBroken, _requestsLeft) = (false, int.MaxValue);
        Delay(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    private void Delay(TimeSpan delay)
    {
        _delay = delay;
        foreach (var client in _clients)
            client.Delay = delay;
    }

    public override Task<long> CountWritesAsync(CancellationToken cancellationToken) => Task.FromResult(Interlocked.Read(ref _writes));

    public override async Task PlantPredecessorAsync(IReadOnlyList<Repository> rows, CancellationToken cancellationToken)
    {
        await tables.MakeLegacyTablesAsync();
        foreach (var row in rows)
            await tables.PutLegacyRowAsync(row.Name, row.Description);
    }

    /// <summary>A table with a similar name, an additional attribute in our version row, and an additional index on our table.</summary>
    public override async Task PlantForeignDataAsync(CancellationToken cancellationToken)
    {
        await tables.MakeLegacyTablesAsync();
        await tables.CreateAsync(new CreateTableRequest
        {
            TableName = GuestTable,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            KeySchema = [new("name", KeyType.HASH)],
            AttributeDefinitions = [new("name", ScalarAttributeType.S)],
        });
        await tables.Setup.PutItemAsync(GuestTable, new() { ["name"] = new("repository") }, cancellationToken);
        await tables.Setup.PutItemAsync(tables.Options.VersionTable, new() { ["version"] = new() { N = "1" }, ["guest"] = new("at home") }, cancellationToken);
    }

    public override async Task<string?> FindDamageToForeignDataAsync(CancellationToken cancellationToken)
    {
        var guests = await tables.ItemsOfAsync(GuestTable);
        if (guests is not [{ Count: 1 } guest] || guest["name"].S != "repository")
            return $"the table {GuestTable} holds {guests.Count} items, or other ones";
        if ((await tables.ItemsOfAsync(tables.Options.VersionTable)).Single().GetValueOrDefault("guest")?.S is not "at home")
            return "the attribute 'guest' of the version row is not what it was";
        var described = await tables.Setup.DescribeTableAsync(tables.Options.RepositoryTable, cancellationToken);
        return described.Table.GlobalSecondaryIndexes is [{ IndexName: TestIndexes.LegacyIndex }] ? null : $"the index {TestIndexes.LegacyIndex} is gone";
    }

    public override async Task<(string Found, string Expected)> MakeSchemaUnknownAsync(CancellationToken cancellationToken)
    {
        await tables.Setup.PutItemAsync(tables.Options.VersionTable, new() { ["version"] = new() { N = "99" } }, cancellationToken);
        return ("version 99", "version 1");
    }

    public override async ValueTask DisposeAsync()
    {
        await tables.DropAsync(GuestTable);
        await tables.DisposeAsync();
        foreach (var client in _clients)
            client.Dispose();
        using var looking = tables.NewClient();
        var after = await looking.ListTablesAsync(new ListTablesRequest { ExclusiveStartTableName = tables.Options.Database, Limit = 1 });
        if (after.TableNames is [var left] && left.StartsWith(tables.Options.Database, StringComparison.Ordinal))
            throw new InvalidOperationException($"The table '{left}' was left behind.");
    }

    private Task FailIfBrokenAsync(AmazonDynamoDBRequest request) => _isBroken || (Volatile.Read(ref _requestsLeft) < int.MaxValue && Interlocked.Decrement(ref _requestsLeft) < 0)
        ? throw new AmazonDynamoDBException("denied by the test") { ErrorCode = "AccessDeniedException" }
        : Task.CompletedTask;

    private Task CountAsync(AmazonDynamoDBRequest request, Amazon.Runtime.AmazonWebServiceResponse response)
    {
        if (request is UpdateItemRequest or DeleteItemRequest or BatchWriteItemRequest or CreateTableRequest)
            Interlocked.Increment(ref _writes);
        return Task.CompletedTask;
    }
}
