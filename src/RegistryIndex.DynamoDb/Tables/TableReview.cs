using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// Warns at startup about tables that do not have the settings for new tables: the tables are older than the settings, or the process that
/// created them was stopped before it applied all settings. Existing tables are never altered.
/// </summary>
internal sealed partial class TableReview(RequestSender sender, DynamoDbIndexOptions options, ILogger logger)
{
    /// <summary>Warns once for each setting. A setting that cannot be read causes a warning, too, and never prevents a start.</summary>
    public async Task WarnAsync(RequestLog log, FoundTables found, CancellationToken cancellationToken)
    {
        var tables = found.All.OfType<TableDescription>().ToList();
        foreach (var (setting, isMet) in NewTables.Seen(options))
            Warn(setting, [.. tables.Where(table => !isMet(table)).Select(table => table.TableName)]);
        if (!options.PointInTimeRecovery)
            return;
        try
        {
            var areRecoverable = await Task.WhenAll(tables.Select(table => sender.IsRecoverableAsync(log, table.TableName, cancellationToken))).ConfigureAwait(false);
            Warn("point_in_time_recovery", [.. tables.Zip(areRecoverable).Where(one => !one.Second).Select(one => one.First.TableName)]);
        }
        catch (RegistryIndexException error)
        {
            NotSeen(logger, TableNames.Show(tables.Select(table => table.TableName)), error.InnerException?.Message.TrimEnd('.') ?? error.Message);
        }
    }

    private void Warn(string setting, IReadOnlyList<string> tables)
    {
        if (tables.Count > 0)
            NotAsAsked(logger, TableNames.Show(tables), tables.Count == 1 ? "is" : "are", setting);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "In DynamoDB {Tables} {Are} not as the setting {Setting} requires for new tables. The index never alters an existing table: change it in AWS, or change the setting.")]
    private static partial void NotAsAsked(ILogger logger, string tables, string are, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The point-in-time recovery of {Tables} cannot be read ({Problem}): allow dynamodb:DescribeContinuousBackups, or set point_in_time_recovery to false.")]
    private static partial void NotSeen(ILogger logger, string tables, string problem);
}
