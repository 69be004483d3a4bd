using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>Mistakes of users end in one sentence that says what is wrong, where, and what to do. Nothing is written or created.</summary>
public sealed class MistakeTests
{
    private static readonly Dictionary<string, Mistake> Mistakes = new()
    {
        ["another key of the search table"] = new(
            tables => tables.CreateAsync(TableOf(tables.Options.SearchTable, ScalarAttributeType.N, "id")),
            InitializeAsync, "dynamodb initialize: the table '*-search' has the key (id N), and (p S, s S) was expected; name another table."),
        ["an unexpected sort key"] = new(
            tables => tables.CreateAsync(TableOf(tables.Options.RepositoryTable, ScalarAttributeType.S, "name", "tag")),
            InitializeAsync, "dynamodb initialize: the table '*-repository' has the key (name S, tag S), and (name S) was expected; name another table."),
        ["another type of key"] = new(
            tables => tables.CreateAsync(TableOf(tables.Options.VersionTable, ScalarAttributeType.S, "version")),
            InitializeAsync, "dynamodb initialize: the table '*-version' has the key (version S), and (version N) was expected; name another table."),
        ["an unknown schema version"] = new(
            tables => tables.MakeLegacyTablesAsync(version: 2),
            InitializeAsync, "dynamodb initialize: the table '*-version' says schema version 2, and this program knows version 1; name another table, or use the program that wrote it."),
        ["an unknown layout"] = new(
            async tables =>
            {
                await tables.MakeLegacyTablesAsync();
                await tables.Setup.PutItemAsync(tables.Options.VersionTable, new() { ["version"] = new() { N = "1" }, ["layout"] = new("z") }, TestIndexes.Stop);
            },
            InitializeAsync, "dynamodb initialize: the table '*-version' says that the search table has the layout 'z', and this program knows 'b'; use a newer program."),
        ["no permission to create tables"] = new(
            tables =>
            {
                tables.Options.CreateTables = false;
                return Task.CompletedTask;
            },
            InitializeAsync, "dynamodb initialize: the table '*' does not exist at *, and create_tables is false: create the table, or set create_tables to true."),
        ["an endpoint that does not answer"] = new(
            tables =>
            {
                (tables.Options.Endpoint, tables.Options.RetryTimeout) = ("http://127.0.0.1:9", 0);
                return Task.CompletedTask;
            },
            async tables =>
            {
                using var client = new Testing.DynamoDb.FaultyDynamoDb(tables.Options.Endpoint!);
                await tables.New(client).InitializeAsync(TestIndexes.Stop);
            },
            "dynamodb initialize: http://127.0.0.1:9 did not answer for the table '*' (*); check endpoint, region and network."),
        ["an index that is not initialized"] = new(
            _ => Task.CompletedTask,
            tables => tables.New().UpsertAsync(new("web", "A web shop"), TestIndexes.Stop),
            "dynamodb upsert: the table '*-repository' does not exist at *; check region, database and table names, and initialize the index; if the table existed, restore it or run `registry-index rebuild --create`."),
        ["a forged continuation"] = new(
            FillAsync, tables => GoOnAsync(tables, "web", continuation => continuation[..^2] + "AA"), "*continuation*"),
        ["the continuation of another search"] = new(
            FillAsync, tables => GoOnAsync(tables, "other", continuation => continuation), "*continuation*"),
        ["a term of 257 characters"] = new(
            FillAsync, async tables => await (await tables.OpenAsync()).SearchAsync(new SearchRequest(new string('a', 257)), TestIndexes.Stop), "*257*256*"),
        ["a name that breaks the grammar"] = new(
            FillAsync, async tables => await (await tables.OpenAsync()).UpsertAsync(new("-web"), TestIndexes.Stop), "*'-web'*"),
        ["a description of 351 characters"] = new(
            FillAsync, async tables => await (await tables.OpenAsync()).UpsertAsync(new("web", new string('a', 351)), TestIndexes.Stop), "*351*350*"),
    };

    public static TheoryData<string> Names => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_mistake_is_one_sentence_and_nothing_is_written(string mistake)
    {
        await using var tables = await TestIndexes.NewAsync();
        var (prepareAsync, makeAsync, sentence) = Mistakes[mistake];
        await prepareAsync(tables);
        var before = await tables.EverythingAsync();
        var error = (await FluentActions.Awaiting(() => makeAsync(tables)).Should().ThrowAsync<Exception>()).Which;
        error.Should().Match(thrown => thrown is RegistryIndexException || thrown is ArgumentException);
        error.Message.Should().Match(sentence).And.NotContain("\n");
        (await tables.EverythingAsync()).Should().Equal(before);
    }

    private static async Task InitializeAsync(TestIndexes tables) => await tables.OpenAsync();

    private static async Task FillAsync(TestIndexes tables)
    {
        var index = await tables.OpenAsync();
        foreach (var name in new[] { "web/a", "web/b", "web/c" })
            await index.UpsertAsync(new(name), TestIndexes.Stop);
    }

    // Reads a page of "web", and then a page of the query with the changed continuation.
    private static async Task GoOnAsync(TestIndexes tables, string query, Func<string, string> change)
    {
        var index = await tables.OpenAsync();
        var continuation = (await index.SearchAsync(new SearchRequest("web", 1), TestIndexes.Stop)).Continuation!;
        await index.SearchAsync(new SearchRequest(query, 1, change(continuation)), TestIndexes.Stop);
    }

    private static CreateTableRequest TableOf(string name, ScalarAttributeType type, params string[] keys) => new()
    {
        TableName = name,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        KeySchema = [.. keys.Select((key, place) => new KeySchemaElement(key, place == 0 ? KeyType.HASH : KeyType.RANGE))],
        AttributeDefinitions = [.. keys.Select(key => new AttributeDefinition(key, type))],
    };

    private sealed record Mistake(Func<TestIndexes, Task> PrepareAsync, Func<TestIndexes, Task> MakeAsync, string Sentence);
}
