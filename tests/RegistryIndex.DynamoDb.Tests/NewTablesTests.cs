using System.Collections.Concurrent;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Tables;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>What tables are created with besides their keys: by DynamoDB Local where it knows it, else by what is sent.</summary>
public sealed class NewTablesTests
{
    private static CancellationToken Stop => TestIndexes.Stop;

    [Fact]
    public async Task Tables_are_created_with_all_that_the_settings_say()
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
    public async Task Without_settings_they_are_plain()
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
    public async Task Tables_that_are_there_stay_as_they_are()
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
    public async Task Only_the_table_that_was_missing_is_created_so()
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
    public async Task Recovery_is_asked_for_again_until_DynamoDB_is_ready_for_it()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.PointInTimeRecovery = true;
        using var client = tables.NewClient();
        var asked = 0;
        client.Backups = _ => Interlocked.Increment(ref asked) > 6
            ? new()
            : throw new ContinuousBackupsUnavailableException("Backups are being enabled for the table") { ErrorCode = "ContinuousBackupsUnavailableException" };
        await tables.OpenAsync(client);
        asked.Should().Be(9, "three tables were asked for until each was answered");
    }

    [Fact]
    public async Task Where_recovery_cannot_be_switched_on_a_sentence_names_every_such_table_and_so_does_each_later_start()
    {
        await using var tables = await TestIndexes.NewAsync(); // DynamoDB Local knows no backups
        tables.Options.PointInTimeRecovery = true;
        var all = $"the tables '{tables.Options.RepositoryTable}', '{tables.Options.VersionTable}' and '{tables.Options.SearchTable}'";
        await FluentActions.Awaiting(() => tables.OpenAsync()).Should().ThrowAsync<RegistryIndexException>().WithMessage(
            $"dynamodb initialize: {all} are created, and their point-in-time recovery could not be switched on (*unknown operation*); switch it on in AWS, because an existing table is never altered, or set point_in_time_recovery to false.");
        using var client = tables.NewClient();
        client.IsRecoverable = _ => false;
        for (var start = 0; start < 2; start++)
            (await WarningsAsync(tables, client)).Should().Equal($"In DynamoDB {all} are not as the setting point_in_time_recovery asks for new tables, and a table that is there is never altered: change it in AWS, or the setting.");
    }

    [Fact]
    public async Task A_table_whose_recovery_alone_could_not_be_switched_on_is_named_alone()
    {
        await using var tables = await TestIndexes.NewAsync();
        tables.Options.PointInTimeRecovery = true;
        using var client = tables.NewClient();
        client.Backups = request => request.TableName == tables.Options.SearchTable ? throw new AmazonDynamoDBException("denied by the test") { ErrorCode = "AccessDeniedException" } : new();
        client.IsRecoverable = table => table != tables.Options.SearchTable;
        await FluentActions.Awaiting(() => tables.OpenAsync(client)).Should().ThrowAsync<RegistryIndexException>().WithMessage(
            $"dynamodb initialize: the table '{tables.Options.SearchTable}' is created, and its point-in-time recovery could not be switched on (denied by the test); *");
        (await WarningsAsync(tables, client)).Should().Equal(
            $"In DynamoDB the table '{tables.Options.SearchTable}' is not as the setting point_in_time_recovery asks for new tables, and a table that is there is never altered: change it in AWS, or the setting.");
    }

    [Fact]
    public async Task Each_setting_that_tables_that_are_there_do_not_meet_is_a_warning_that_names_them()
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
            $"Whether the tables '{repository}', '{version}' and '{search}' can be recovered to a point in time cannot be seen (*): allow dynamodb:DescribeContinuousBackups, or set point_in_time_recovery to false.");

        static string Not(string which, string setting) => $"In DynamoDB the {which} not as the setting {setting} asks for new tables, and a table that is there is never altered: change it in AWS, or the setting.";
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
    public async Task Tables_of_a_scratch_place_are_plain_whatever_is_configured()
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
    public void Any_form_of_a_key_is_taken(string key) => NewTables.FindProblems(new() { KmsKeyId = key }).Should().BeEmpty();

    [Theory]
    [InlineData("key/nonsense")]
    [InlineData("arn:aws:kms:us-east-1:123456789012:11111111-1111-1111-1111-111111111111")]
    [InlineData("arn:aws:kms:us-east-1:123456789012:key/nonsense")]
    [InlineData("key/1234abcd-12ab-34cd-56ef-1234567890ab")]
    public void What_is_no_form_of_a_key_is_refused(string key) =>
        NewTables.FindProblems(new() { KmsKeyId = key }).Should().Equal($"kms_key_id '{(key.Length > 80 ? key[..80] + "…" : key)}' is no key of KMS: write its id, its ARN or an alias, such as alias/registry-index.");

    [Theory]
    [InlineData("team=a;team=b", "tags has 'team' more than once: leave one.")]
    [InlineData("a;b", "tags has 'a' and 'b', which are no tags: write them as name=value with ';' between them.")]
    [InlineData("team=x;b", "tags has 'b', which is no tag: write them as name=value with ';' between them.")]
    [InlineData("=x", "tags has a value without a name: write name=value.")]
    [InlineData("aws:team=x", "tags has the name 'aws:team', and names that begin with aws: are AWS's own.")]
    [InlineData("te,am=x", "tags has the name 'te,am', of which AWS does not take every character: AWS takes letters, digits, spaces and + - = . _ : / @.")]
    [InlineData("team=a,b", "tags has a value for 'team' of which AWS does not take every character: AWS takes letters, digits, spaces and + - = . _ : / @.")]
    [InlineData(" a = b=c ; Größe=groß ", null)]
    public void Of_tags_it_is_said_once_what_is_wrong_with_them(string tags, string? problem) =>
        NewTables.FindProblems(new() { Tags = tags }).Should().Equal(problem is null ? [] : [problem]);

    [Fact]
    public void Of_tags_that_are_too_many_or_too_long_it_is_said_how_many_and_how_long()
    {
        NewTables.FindProblems(new() { Tags = string.Join(';', Enumerable.Range(0, 51).Select(number => $"t{number}=x")) }).Should().Equal("tags has 51 tags, and 50 are the most.");
        NewTables.FindProblems(new() { Tags = "team=" + new string('x', 257) }).Should().Equal("tags has a value of 257 characters for 'team', and 256 are the most.");
        NewTables.FindProblems(new() { Tags = new string('x', 129) + "=x" }).Single().Should().Match("tags has the name 'xxx*…' of 129 characters, and 128 are the most.");
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
