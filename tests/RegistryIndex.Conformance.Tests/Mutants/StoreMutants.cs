using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class StoreMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("searches only the rows that it could read", "a-read-that-fails-on-the-way-is-no-short-answer", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) =>
            {
                var read = new List<Repository>();
                try
                {
                    await foreach (var r in index.ListAsync(cancellationToken: cancellation))
                        read.Add(r);
                }
                catch (RegistryIndexException) when (read.Count > 0)
                {
                    // The mutant ignores the rest.
                }

                return await new ReferenceIndex(read).SearchAsync(request, cancellation);
            },
        }),
        new("ends a scan when its store fails", "a-read-that-fails-on-the-way-is-no-short-answer", index => new AlteredIndex(index) { Scan = (after, most, cancellation) => ScannedAsync(index.ScanAsync(after, most, cancellation)) }),
        new("waits for its store and ignores its token", "a-call-that-waits-for-its-store-can-be-cancelled", index => new AlteredIndex(index)
        {
            Search = async (request, cancellation) =>
            {
                cancellation.ThrowIfCancellationRequested();
                return await index.SearchAsync(request, CancellationToken.None);
            },
        }),
        new("reports a cancelled wait as a failure of its store", "a-call-that-waits-for-its-store-can-be-cancelled", index => new AlteredIndex(index)
        {
            Get = async (name, cancellation) =>
            {
                try
                {
                    return await index.GetAsync(name, cancellation);
                }
                catch (OperationCanceledException error)
                {
                    throw new RegistryIndexException(index.Provider, "get", "the store did not answer.", mayRetry: true, error);
                }
            },
        }),
        new("says that a retry may help with every failure", "an-error-that-cannot-pass-says-so", index => new AlteredIndex(index)
        {
            Status = cancellation => SayingAsync(() => index.GetStatusAsync(cancellation), error => new(error.Provider, error.Operation, "failed.", mayRetry: true, error)),
        }),
        new("shows its connection string in its status", "a-secret-is-never-told", index => new AlteredIndex(index)
        {
            Status = async cancellation => await index.GetStatusAsync(cancellation) with { Location = $"memory://user:{MemoryHarness.Password}@store" },
        }),
        new("shows its connection string when it cannot connect", "a-secret-is-never-told", index => new AlteredIndex(index)
        {
            Upsert = (r, cancellation) => SayingAsync(() => index.UpsertAsync(r, cancellation), error =>
                new(error.Provider, error.Operation, "the store is away.", error.MayRetry, new IOException($"no answer from memory://user:{MemoryHarness.Password}@store"))),
        }),
    ];

    private static async IAsyncEnumerable<Repository> ScannedAsync(IAsyncEnumerable<Repository> scan)
    {
        await using var rows = scan.GetAsyncEnumerator();
        for (var read = 0; ; read++)
        {
            try
            {
                if (!await rows.MoveNextAsync())
                    yield break;
            }
            catch (RegistryIndexException) when (read > 0)
            {
                yield break;
            }

            yield return rows.Current;
        }
    }

    private static async Task<T> SayingAsync<T>(Func<Task<T>> action, Func<RegistryIndexException, RegistryIndexException> say)
    {
        try
        {
            return await action();
        }
        catch (RegistryIndexException error)
        {
            throw say(error);
        }
    }
}
