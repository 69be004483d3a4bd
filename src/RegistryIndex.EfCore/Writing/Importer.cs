using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Writing;

/// <summary>Imports a stream in batches. Memory holds one batch, and each batch is committed completely or not at all.</summary>
internal static class Importer
{
    // Large enough that the commit is a small part of the work, and small enough that other writers wait at most some 50 ms. A long import
    // continues with larger batches: the more rows an index has, the more rows a batch needs for them to lie beside each other.
    private const int BatchSize = 1_000;
    private const int LargeBatchSize = 4_000;
    private const int LargeFrom = 10_000;

    public static async Task<ImportResult> ImportAsync(IndexDatabase database, IAsyncEnumerable<Repository> repositories, ImportOptions options, CancellationToken cancellationToken)
    {
        var result = ImportResult.None;
        var batch = new Dictionary<string, Repository>(StringComparer.Ordinal);
        await foreach (var repository in repositories.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (repository.FindProblem() is { } problem)
            {
                result += new ImportResult { Refused = 1 };
                options.Refused?.Invoke(new(repository, problem));
                continue;
            }

            // A second mention of a name waits for the next batch, so that each row of the stream is counted for its own effect.
            if (batch.Count >= (result.Total < LargeFrom ? BatchSize : LargeBatchSize) || batch.ContainsKey(repository.Name))
                await FlushAsync().ConfigureAwait(false);
            batch.Add(repository.Name, repository);
        }

        await FlushAsync().ConfigureAwait(false);
        return result;

        async Task FlushAsync()
        {
            if (batch.Count > 0)
                result += await DatabaseRetry.RunAsync(
                    database, "import", () => Batch.WriteAsync(database, batch.Values, options.KeepDescriptions, cancellationToken), cancellationToken).ConfigureAwait(false);
            batch.Clear();
            options.Progress?.Report(result);
        }
    }
}
