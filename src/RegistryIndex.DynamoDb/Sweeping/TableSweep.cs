using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Sweeping;

/// <summary>Walks the search table for a sweep.</summary>
internal sealed class TableSweep(RequestSender sender, TableNames tables, DynamoDbStore store, Sweeper sweeper)
{
    /// <param name="isAdopted">Whether every row has its postings, so that those of a former layout are needed by nobody.</param>
    /// <param name="dryRun">Whether to only count.</param>
    /// <param name="progress">Told after each portion.</param>
    /// <param name="cancellationToken">Cancels the sweep.</param>
    public async Task<SweepResult> RunAsync(bool isAdopted, bool dryRun, IProgress<SweepResult>? progress, CancellationToken cancellationToken)
    {
        var spokenFor = await ReadRowsAsync(cancellationToken).ConfigureAwait(false);
        var result = new SweepResult(0, 0, dryRun);
        Dictionary<string, AttributeValue>? position = null;
        do
        {
            var request = new ScanRequest { TableName = tables.Search, ExclusiveStartKey = position };
            var response = await sender.ScanAsync(store.Log, request, cancellationToken).ConfigureAwait(false);
            var postings = (response.Items ?? []).Select(Posting.FromItem).OfType<Posting>().ToList();
            var suspects = postings.FindAll(posting => !spokenFor.Contains(Digest(posting.Name, posting.Nonce, posting.Tier == 3)));
            var orphans = await sweeper.SweepAsync(suspects, dryRun).ConfigureAwait(false);
            var former = isAdopted ? (response.Items ?? []).FindAll(item => PostingKey.IsFormer(item[Posting.PartitionAttribute].S)) : [];
            if (!dryRun)
                await store.DeleteFromSearchAsync(former.Select(Posting.KeyOf)).ConfigureAwait(false);
            result = result with { Postings = result.Postings + postings.Count + former.Count, Orphans = result.Orphans + orphans + former.Count };
            progress?.Report(result);
            position = response.LastEvaluatedKey;
        }
        while (position is { Count: > 0 });
        return result;
    }

    // What the rows speak for, as far as 64 bits tell: only what is not among it is looked at more closely. Reading a row
    // for each posting would cost sixty times as much.
    private async Task<HashSet<ulong>> ReadRowsAsync(CancellationToken cancellationToken)
    {
        HashSet<ulong> spokenFor = [];
        await foreach (var row in sender.ScanRowsAsync(store.Log, tables.Repository, consistent: false, cancellationToken).ConfigureAwait(false))
        {
            if (row.NameNonce is { } ofName)
                spokenFor.Add(Digest(row.Name, ofName, isDescription: false));
            if (row.Nonce is { } ofDescription)
                spokenFor.Add(Digest(row.Name, ofDescription, isDescription: true));
        }

        return spokenFor;
    }

    private static ulong Digest(string name, string nonce, bool isDescription) =>
        BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{nonce} {isDescription} {name}")));
}
