using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.Logging;
using RegistryIndex.DynamoDb.Requests;

namespace RegistryIndex.DynamoDb.Tables;

/// <summary>
/// Says at a start which tables are not as the settings for new tables ask: they are older than the settings, or the process that created
/// them was stopped before it had set everything. They are never altered.
/// </summary>
internal sealed partial class TableReview(RequestSender sender, DynamoDbIndexOptions options, ILogger logger)
{
    /// <summary>Warns once for each setting. What cannot be seen is a warning, too, and never stops a start.</summary>
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "In DynamoDB {Tables} {Are} not as the setting {Setting} asks for new tables, and a table that is there is never altered: change it in AWS, or the setting.")]
    private static partial void NotAsAsked(ILogger logger, string tables, string are, string setting);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether {Tables} can be recovered to a point in time cannot be seen ({Problem}): allow dynamodb:DescribeContinuousBackups, or set point_in_time_recovery to false.")]
    private static partial void NotSeen(ILogger logger, string tables, string problem);
}
