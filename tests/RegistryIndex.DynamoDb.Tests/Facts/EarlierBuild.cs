using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;

namespace RegistryIndex.DynamoDb.Tests.Facts;

/// <summary>
/// Writes as the builds without facts did: first the postings, then the row on condition of its nonce and description, then the
/// deletion of the obsolete postings.
/// </summary>
internal sealed class EarlierBuild(TestIndexes tables)
{
    private static readonly Dictionary<string, string> Names = new() { ["#key"] = "name", ["#nonce"] = "nonce", ["#of_name"] = "name_nonce", ["#description"] = "description" };

    private static CancellationToken Stop => TestIndexes.Stop;

    /// <summary>Reads the row, as every write does first.</summary>
    public async Task<Dictionary<string, AttributeValue>?> ReadAsync(string name) =>
        (await tables.Setup.GetItemAsync(tables.Options.RepositoryTable, Key(name), consistentRead: true, Stop)).Item is { Count: > 0 } item ? item : null;

    /// <summary>Writes a description.</summary>
    /// <param name="name">The repository.</param>
    /// <param name="description">The description.</param>
    /// <param name="read">The row that was read.</param>
    /// <returns>Whether the row was unchanged since the read.</returns>
    public async Task<bool> TryPutAsync(string name, string description, Dictionary<string, AttributeValue>? read)
    {
        var nonce = Nonce.New(tables.Time.GetUtcNow());
        var nameNonce = read?["name_nonce"].S ?? nonce;
        Posting[] fresh = [.. read is null ? PostingSet.OfName(name, nonce) : [], .. PostingSet.OfDescription(name, description, nonce)];
        foreach (var posting in fresh)
            await tables.Setup.PutItemAsync(tables.Options.SearchTable, posting.ToItem(), Stop);
        const string change = "SET #nonce = :nonce, #of_name = :of_name, #description = :description";
        var (condition, values) = ConditionOf(read);
        values[":nonce"] = new(nonce);
        values[":of_name"] = new(nameNonce);
        values[":description"] = new(description);
        var isDone = await TryAsync(() => tables.Setup.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = tables.Options.RepositoryTable,
                Key = Key(name),
                UpdateExpression = change,
                ConditionExpression = condition,
                ExpressionAttributeNames = NamesIn(change + condition),
                ExpressionAttributeValues = values,
            },
            Stop));
        await RemoveAsync(isDone ? read is null ? [] : PostingSet.OfDescription(name, read["description"].S, read["nonce"].S) : fresh);
        return isDone;
    }

    /// <summary>Deletes a repository.</summary>
    /// <returns>Whether the row was unchanged since the read.</returns>
    public async Task<bool> TryDeleteAsync(string name, Dictionary<string, AttributeValue> read)
    {
        var (condition, values) = ConditionOf(read);
        var isDone = await TryAsync(() => tables.Setup.DeleteItemAsync(
            new DeleteItemRequest
            {
                TableName = tables.Options.RepositoryTable,
                Key = Key(name),
                ConditionExpression = condition,
                ExpressionAttributeNames = NamesIn(condition),
                ExpressionAttributeValues = values,
            },
            Stop));
        if (isDone)
            await RemoveAsync([.. PostingSet.OfName(name, read["name_nonce"].S), .. PostingSet.OfDescription(name, read["description"].S, read["nonce"].S)]);
        return isDone;
    }

    private static Dictionary<string, AttributeValue> Key(string name) => new() { ["name"] = new(name) };

    private static (string Condition, Dictionary<string, AttributeValue> Values) ConditionOf(Dictionary<string, AttributeValue>? read) => read is null
        ? ("attribute_not_exists(#key)", [])
        : ("attribute_exists(#key) AND #nonce = :read_nonce AND #description = :read_description", new() { [":read_nonce"] = read["nonce"], [":read_description"] = read["description"] });

    private static Dictionary<string, string> NamesIn(string expressions) => Names.Where(name => expressions.Contains(name.Key, StringComparison.Ordinal)).ToDictionary();

    private static async Task<bool> TryAsync(Func<Task> write)
    {
        try
        {
            await write();
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private async Task RemoveAsync(IEnumerable<Posting> postings)
    {
        foreach (var posting in postings)
            await tables.Setup.DeleteItemAsync(tables.Options.SearchTable, posting.Key, Stop);
    }
}
