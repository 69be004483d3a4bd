using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Tables;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The settings of created tables besides their keys: read from DynamoDB Local if it supports them, otherwise from the requests.</summary>
public sealed class NewTablesTests
{
    private static CancellationToken Stop => TestIndexes.Stop;

    [Fact]
    public async Task Tables_are_created_with_all_settings()
    {
        await using var tables = await TestIndexes.NewAsync();
        SetAll(tables.Options);
        using var client = tables.NewClient();
        var (created, kept) = Record(client);
        try
        {
            await tables.OpenAsync(client);
            created.Should().HaveCount(3);
            foreach (var request in created)
            {
                (request.DeletionProtectionEnabled, request.TableClass).Should().Be((true, TableClass.STANDARD_INFREQUENT_ACCESS));
                (request.SSESpecification.Enabled, request.SSESpecification.SSEType, request.SSESpecification.KMSMasterKeyId).Should().Be((true, SSEType.KMS, "alias/registry-index"));
                request.Tags.Select(tag => (tag.Key, tag.Value)).Should().Equal(("team", "platform"), ("cost center", "4711"), ("empty", ""));
                request.BillingMode.Should().Be(BillingMode.PAY_PER_REQUEST);
            }

            kept.Should().BeEquivalentTo(created.Select(request => request.TableName));
            foreach (var table in created.Select(request => request.TableName))
                (await tables.Setup.DescribeTableAsync(table, Stop)).Table.DeletionProtectionEnabled.Should().BeTrue();
            await FluentActions.Awaiting(() => tables.Client.DeleteTableAsync(tables.Options.SearchTable, Stop)).Should().ThrowAsync<AmazonDynamoDBException>().WithMessage("*protected against deletion*");
        }
        finally
        {
            foreach (var table in created.Select(request => request.TableName))
                await tables.Setup.UpdateTableAsync(new UpdateTableRequest { TableName = table, DeletionProtectionEnabled = false }, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Without_settings_tables_have_the_defaults()
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var (created, _) = Record(client);
        await tables.OpenAsync(client);
        client.CallsOf("UpdateContinuousBackups").Should().Be(0);
        foreach (var request in created)
            (request.DeletionProtectionEnabled is null, request.TableClass is null, request.SSESpecification is null, request.Tags?.Count ?? 0).Should().Be((true, true, true, 0));
    }

    [Fact]
    public async Task Existing_tables_are_not_changed()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.OpenAsync();
        SetAll(tables.Options);
        using var client = tables.NewClient();
        var (created, kept) = Record(client);
        await (await tables.OpenAsync(client)).UpsertAsync(new("team/web"), Stop);
        (created.Count, kept.Count).Should().Be((0, 0));
        (await tables.Setup.DescribeTableAsync(tables.Options.SearchTable, Stop)).Table.DeletionProtectionEnabled.Should().NotBe(true);
    }

    [Fact]
    public async Task Only_the_missing_table_is_created_with_the_settings()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.MakeLegacyTablesAsync();
        tables.Options.PointInTimeRecovery = true;
        using var client = tables.NewClient();
        var (_, kept) = Record(client);
        await tables.OpenAsync(client);
        kept.Should().Equal(tables.Options.SearchTable);
    }

    [Fact]
    public async Task Recovery_is_requested_until_DynamoDB_accepts_it()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.PointInTimeRecovery = true;
        using var client = tables.NewClient();
        var asked = 0;
        client.Backups = _ => Interlocked.Increment(ref asked) > 6
            ? new()
            : throw new ContinuousBackupsUnavailableException("Backups are being enabled for the table") { ErrorCode = "ContinuousBackupsUnavailableException" };
        await tables.OpenAsync(client);
        asked.Should().Be(9, "each of three tables was described until it answered");
    }

    [Fact]
    public async Task If_recovery_cannot_be_enabled_each_start_names_the_tables_in_one_sentence()
    {
        await using var tables = await TestIndexes.NewAsync(); // DynamoDB Local has no backups
        tables.Options.PointInTimeRecovery = true;
        var all = $"the tables '{tables.Options.RepositoryTable}', '{tables.Options.VersionTable}' and '{tables.Options.SearchTable}'";
        await FluentActions.Awaiting(() => tables.OpenAsync()).Should().ThrowAsync<RegistryIndexException>().WithMessage(
            $"dynamodb initialize: {all} are created, and their point-in-time recovery could not be switched on (*unknown operation*); switch it on in AWS, because the index never alters an existing table, or set point_in_time_recovery to false.");
        using var client = tables.NewClient();
        client.IsRecoverable = _ => false;
        for (var start = 0; start < 2; start++)
            (await WarningsAsync(tables, client)).Should().Equal($"In DynamoDB {all} are not as the setting point_in_time_recovery requires for new tables. The index never alters an existing table: change it in AWS, or change the setting.");
    }

    [Fact]
    public async Task Only_the_table_whose_recovery_could_not_be_enabled_is_named()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.PointInTimeRecovery = true;
        using var client = tables.NewClient();
        client.Backups = request => request.TableName == tables.Options.SearchTable ? throw new AmazonDynamoDBException("denied by the test") { ErrorCode = "AccessDeniedException" } : new();
        client.IsRecoverable = table => table != tables.Options.SearchTable;
        await FluentActions.Awaiting(() => tables.OpenAsync(client)).Should().ThrowAsync<RegistryIndexException>().WithMessage(
            $"dynamodb initialize: the table '{tables.Options.SearchTable}' is created, and its point-in-time recovery could not be switched on (denied by the test); *");
        (await WarningsAsync(tables, client)).Should().Equal(
            $"In DynamoDB the table '{tables.Options.SearchTable}' is not as the setting point_in_time_recovery requires for new tables. The index never alters an existing table: change it in AWS, or change the setting.");
    }

    [Fact]
    public async Task Each_setting_that_existing_tables_do_not_meet_is_a_warning_that_names_them()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.OpenAsync();
        SetAll(tables.Options);
        using var client = tables.NewClient();
        client.IsRecoverable = _ => true;
        client.After = (_, response) =>
        {
            if (response is not DescribeTableResponse { Table: { } table })
                return Task.CompletedTask;
            table.DeletionProtectionEnabled = table.TableName != tables.Options.VersionTable;
            table.TableClassSummary = table.TableName == tables.Options.RepositoryTable ? null : new() { TableClass = TableClass.STANDARD_INFREQUENT_ACCESS };
            table.SSEDescription = new() { SSEType = SSEType.KMS, Status = SSEStatus.ENABLED, KMSMasterKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" };
            return Task.CompletedTask;
        };
        var (repository, version, search) = (tables.Options.RepositoryTable, tables.Options.VersionTable, tables.Options.SearchTable);
        (await WarningsAsync(tables, client)).Should().Equal(Not($"table '{version}' is", "deletion_protection"), Not($"table '{repository}' is", "table_class"));

        tables.Options.KmsKeyId = "mrk-1234abcd12ab34cd56ef1234567890ab";
        (await WarningsAsync(tables, client)).Should().Contain(Not($"tables '{repository}', '{version}' and '{search}' are", "kms_key_id"));
        tables.Options.KmsKeyId = "1234abcd-12ab-34cd-56ef-1234567890ab";
        (await WarningsAsync(tables, client)).Should().HaveCount(2);
        client.IsRecoverable = null;
        (await WarningsAsync(tables, client)).Should().HaveCount(3).And.ContainMatch(
            $"The point-in-time recovery of the tables '{repository}', '{version}' and '{search}' cannot be read (*): allow dynamodb:DescribeContinuousBackups, or set point_in_time_recovery to false.");

        static string Not(string which, string setting) => $"In DynamoDB the {which} not as the setting {setting} requires for new tables. The index never alters an existing table: change it in AWS, or change the setting.";
    }

    [Theory]
    [InlineData("eu-west-1", " with replicas in eu-west-1")]
    [InlineData("", "")]
    public async Task A_global_table_is_refused(string replica, string shown)
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        using var client = tables.NewClient();
        client.After = (_, response) =>
        {
            if (response is DescribeTableResponse { Table: { } table } && table.TableName == tables.Options.RepositoryTable)
                (table.GlobalTableVersion, table.Replicas) = ("2019.11.21", replica.Length == 0 ? null : [new() { RegionName = replica }]);
            return Task.CompletedTask;
        };
        var sentence = $"*: the table '{tables.Options.RepositoryTable}' is a global table{shown}, in which conditional writes of two regions do not see each other; name a table of one region.";
        await FluentActions.Awaiting(() => tables.OpenAsync(client)).Should().ThrowAsync<RegistryIndexException>().WithMessage(sentence);
        await FluentActions.Awaiting(() => tables.New(client).OpenForReadingAsync(Stop)).Should().ThrowAsync<RegistryIndexException>().WithMessage(sentence);
    }

    [Fact]
    public async Task Scratch_tables_have_the_defaults_with_any_settings()
    {
        await using var tables = await TestIndexes.NewAsync();
        var sender = new Requests.RequestSender(tables.Client, tables.Endpoint, TimeSpan.Zero, new Requests.RequestMetrics(tables.Meters), TimeProvider.System);
        await using var place = await ScratchTables.CreateAsync(sender, tables.Options, "scratch", Stop);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["extensions:dynamodb_index:point_in_time_recovery"] = "true",
            ["extensions:dynamodb_index:deletion_protection"] = "true",
            ["extensions:dynamodb_index:kms_key_id"] = "alias/registry-index",
            ["extensions:dynamodb_index:tags"] = "team=platform",
            ["extensions:dynamodb_index:table_class"] = "STANDARD_INFREQUENT_ACCESS",
        }).AddInMemoryCollection(place.Settings).Build();
        var options = new DynamoDbIndexOptions();
        OptionsFromConfiguration.Read(options, configuration);
        (options.PointInTimeRecovery, options.DeletionProtection, options.KmsKeyId, options.Tags, options.TableClass).Should().Be((false, false, null, null, null));
    }

    [Theory]
    [InlineData("alias/registry-index")]
    [InlineData("arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab")]
    [InlineData("arn:aws-cn:kms:cn-north-1:123456789012:alias/team/registry-index")]
    [InlineData("1234abcd-12ab-34cd-56ef-1234567890ab")]
    [InlineData("mrk-1234abcd12ab34cd56ef1234567890ab")]
    public void Every_form_of_a_key_is_accepted(string key) => NewTables.FindProblems(new() { KmsKeyId = key }).Should().BeEmpty();

    [Theory]
    [InlineData("key/nonsense")]
    [InlineData("arn:aws:kms:us-east-1:123456789012:11111111-1111-1111-1111-111111111111")]
    [InlineData("arn:aws:kms:us-east-1:123456789012:key/nonsense")]
    [InlineData("key/1234abcd-12ab-34cd-56ef-1234567890ab")]
    public void Other_forms_of_a_key_are_refused(string key) =>
        NewTables.FindProblems(new() { KmsKeyId = key }).Should().Equal($"kms_key_id '{(key.Length > 80 ? key[..80] + "…" : key)}' is not a KMS key: use its id, its ARN or an alias, such as alias/registry-index.");

    [Theory]
    [InlineData("team=a;team=b", "tags has 'team' more than once: keep one.")]
    [InlineData("a;b", "tags has 'a' and 'b', which are not tags: write them as name=value with ';' between them.")]
    [InlineData("team=x;b", "tags has 'b', which is not a tag: write them as name=value with ';' between them.")]
    [InlineData("=x", "tags has a value without a name: write name=value.")]
    [InlineData("aws:team=x", "tags has the name 'aws:team', and names that begin with aws: are reserved by AWS.")]
    [InlineData("te,am=x", "tags has the name 'te,am', which has characters that AWS does not allow: AWS allows letters, digits, spaces and + - = . _ : / @.")]
    [InlineData("team=a,b", "tags has a value for 'team' with characters that AWS does not allow: AWS allows letters, digits, spaces and + - = . _ : / @.")]
    [InlineData(" a = b=c ; Größe=groß ", null)]
    public void Each_mistake_in_tags_is_reported_once(string tags, string? problem) =>
        NewTables.FindProblems(new() { Tags = tags }).Should().Equal(problem is null ? [] : [problem]);

    [Fact]
    public void Too_many_or_too_long_tags_are_reported_with_their_number_and_length()
    {
        NewTables.FindProblems(new() { Tags = string.Join(';', Enumerable.Range(0, 51).Select(number => $"t{number}=x")) }).Should().Equal("tags has 51 tags; at most 50 are allowed.");
        NewTables.FindProblems(new() { Tags = "team=" + new string('x', 257) }).Should().Equal("tags has a value of 257 characters for 'team'; at most 256 are allowed.");
        NewTables.FindProblems(new() { Tags = new string('x', 129) + "=x" }).Single().Should().Match("tags has the name 'xxx*…' of 129 characters; at most 128 are allowed.");
    }

    private static async Task<IReadOnlyCollection<string>> WarningsAsync(TestIndexes tables, IAmazonDynamoDB client)
    {
        var warnings = new Warnings();
        await tables.OpenAsync(client, logger: warnings);
        return warnings;
    }

    private static void SetAll(DynamoDbIndexOptions options)
    {
        (options.PointInTimeRecovery, options.DeletionProtection) = (true, true);
        (options.KmsKeyId, options.Tags, options.TableClass) = ("alias/registry-index", "team=platform; cost center = 4711;empty=", "standard_infrequent_access");
    }

    private static (ConcurrentQueue<CreateTableRequest> Created, ConcurrentQueue<string> Kept) Record(Testing.DynamoDb.FaultyDynamoDb client)
    {
        var (created, kept) = (new ConcurrentQueue<CreateTableRequest>(), new ConcurrentQueue<string>());
        client.Before = request =>
        {
            if (request is CreateTableRequest create)
                created.Enqueue(create);
            return Task.CompletedTask;
        };
        client.Backups = request =>
        {
            request.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled.Should().BeTrue();
            kept.Enqueue(request.TableName);
            return new();
        };
        return (created, kept);
    }

    private sealed class Warnings : ConcurrentQueue<string>, ILogger<DynamoDbIndex>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Enqueue(formatter(state, exception));
        }
    }
}
