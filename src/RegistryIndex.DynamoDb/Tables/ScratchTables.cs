using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// Names for three tables that do not exist yet, with the configured prefix. A policy that allows the index's tables by prefix therefore allows
/// these tables, too. The index creates them; this class drops them.
/// </summary>
internal static class ScratchTables
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static async Task<ScratchPlace> CreateAsync(RequestSender sender, DynamoDbIndexOptions options, string name, CancellationToken cancellationToken)
    {
        var database = $"{options.Database}-{name}";
        string[] tables = [$"{database}-repository", $"{database}-version", $"{database}-search"];
        if (tables.FirstOrDefault(table => !AwsNames.Table.IsMatch(table)) is { } wrong)
            throw Error($"'{wrong}' is not the name of a DynamoDB table; shorten database.");
        foreach (var table in tables)
        {
            if (await sender.DescribeTableAsync(new RequestLog("create scratch"), table, cancellationToken).ConfigureAwait(false) is not null)
                throw Error($"the table '{table}' already exists at {sender.Place} and may contain data, so it is not changed; delete it if you do not need it.");
        }

        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["database"] = database,
            ["repository_table"] = tables[0],
            ["version_table"] = tables[1],
            ["search_table"] = tables[2],
            ["create_tables"] = "true",
            // These tables are dropped soon.
            ["point_in_time_recovery"] = "false",
            ["deletion_protection"] = "false",
            ["kms_key_id"] = "",
            ["tags"] = "",
            ["table_class"] = "",
            // A reader of the scratch index must see every write at once, not the state of an old replica.
            ["consistent_reads"] = "true",
        };
        return new(
            $"{database}-* at {sender.Place}",
            settings.ToDictionary(setting => $"{OptionsFromConfiguration.Section}:{setting.Key}", setting => setting.Value, StringComparer.OrdinalIgnoreCase),
            () => Task.WhenAll(tables.Select(table => DropAsync(sender, options, table))));
    }

    // A table that is still being created cannot be deleted.
    private static async Task DropAsync(RequestSender sender, DynamoDbIndexOptions options, string table)
    {
        var log = new RequestLog("drop scratch");
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                await sender.DeleteTableAsync(log, table, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (RegistryIndexException error) when (error.InnerException is ResourceInUseException && waited.TotalSeconds < options.TableTimeout)
            {
                await Task.Delay(Pause).ConfigureAwait(false);
            }
        }
    }

    private static RegistryIndexException Error(string problem) => new(DynamoDbProvider.Name, "create scratch", problem, mayRetry: false);
}
