using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Testing;

namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class FailingMutants
{
    public static IEnumerable<Mutant> All { get; } =
    [
        new("returns an empty page after an error", "a-failing-store-is-one-kind-of-error", index => new AlteredIndex(index)
        {
            Search = (request, cancellation) => OrAsync(() => index.SearchAsync(request, cancellation), request.ToPage([], null)),
        }),
        new("does not check the token of an enumerator", "a-list-honours-the-token-of-its-enumerator", index => new AlteredIndex(index) { List = (after, cancellation) => new Deaf(index.ListAsync(after, cancellation)) }),
        new("does not check the token of an enumerator when it scans", "a-list-honours-the-token-of-its-enumerator", index => new AlteredIndex(index) { Scan = (after, most, cancellation) => new Deaf(index.ScanAsync(after, most, cancellation)) }),
        new("returns null from a get after an error", "a-failing-store-is-one-kind-of-error", index => new AlteredIndex(index) { Get = (name, cancellation) => OrAsync(() => index.GetAsync(name, cancellation), null) }),
        new("returns no mark after an error", "a-failing-store-is-one-kind-of-error", index => new AlteredIndex(index) { ReadMark = (name, cancellation) => OrAsync(() => index.ReadMarkAsync(name, cancellation), null) }),
        new("returns a count of zero after an error", "a-failing-store-is-one-kind-of-error", index => new AlteredIndex(index) { Status = cancellation => OrAsync(() => index.GetStatusAsync(cancellation), new() { Provider = "memory", Location = "memory", Repositories = 0 }) }),
        new("throws the exceptions of its store", "a-failing-store-is-one-kind-of-error", index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) =>
            {
                try
                {
                    return await index.UpsertAsync(r, cancellation);
                }
                catch (RegistryIndexException error)
                {
                    throw new IOException("connection reset", error);
                }
            },
        }),
        new("names another provider in its errors", "a-failing-store-is-one-kind-of-error", index => new AlteredIndex(index)
        {
            Delete = async (name, cancellation) =>
            {
                try
                {
                    return await index.DeleteAsync(name, cancellation);
                }
                catch (RegistryIndexException error)
                {
                    throw new RegistryIndexException("template", error.Operation, "failed.", error.MayRetry, error);
                }
            },
        }),
        new("names the operation after its own statement", "an-error-names-the-operation-that-failed", index => Renaming(index, "select")),
        new("names the operation after its method", "an-error-names-the-operation-that-failed", index => Renaming(index, "SearchAsync")),
        new("throws synchronously when its store is unreachable", "a-failure-comes-by-the-task", (index, store) => new AlteredIndex(index)
        {
            Search = (request, cancellation) => store.IsBroken ? throw new RegistryIndexException(index.Provider, "search", "the store is away.", mayRetry: true) : index.SearchAsync(request, cancellation),
        }),
        new("checks its token before it returns a list", "a-failure-comes-by-the-task", index => new AlteredIndex(index)
        {
            List = (after, cancellation) =>
            {
                cancellation.ThrowIfCancellationRequested();
                return index.ListAsync(after, cancellation);
            },
        }),
        new("does not come back after a failure", "a-store-that-is-back-is-used-again", index =>
        {
            Exception? failed = null;
            return new AlteredIndex(index)
            {
                Get = async (name, cancellation) =>
                {
                    try
                    {
                        return failed is null ? await index.GetAsync(name, cancellation) : throw failed;
                    }
                    catch (RegistryIndexException error)
                    {
                        failed = error;
                        throw;
                    }
                },
            };
        }),
        new("ends a list when its store fails", "a-list-whose-store-fails-is-no-short-list", index => new AlteredIndex(index) { List = (after, cancellation) => Short(index, after, cancellation) }),
        new("omits rows from an import that its store refused", "an-import-whose-store-fails-is-an-error", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var result = ImportResult.None;
                await foreach (var portion in stream.Chunk(50).WithCancellation(cancellation))
                    result += await OrAsync(() => index.ImportAsync(portion.ToAsyncEnumerable(), options, cancellation), ImportResult.None);
                return result;
            },
        }),
        new("ignores cancellation", "a-cancelled-call-is-cancelled", index => new AlteredIndex(index) { Search = (request, _) => index.SearchAsync(request, CancellationToken.None) }),
        new("ignores cancellation when it initializes", "a-cancelled-call-is-cancelled", index => new AlteredIndex(index) { Initialize = _ => index.InitializeAsync(CancellationToken.None) }),
        new("writes and then checks for cancellation", "a-cancelled-call-is-cancelled", index => new AlteredIndex(index)
        {
            Upsert = async (r, cancellation) =>
            {
                var outcome = await index.UpsertAsync(r, CancellationToken.None);
                cancellation.ThrowIfCancellationRequested();
                return outcome;
            },
        }),
        new("reports a cancellation as a failure of the store", "a-cancelled-call-is-cancelled", index => new AlteredIndex(index)
        {
            Delete = async (name, cancellation) =>
            {
                try
                {
                    return await index.DeleteAsync(name, cancellation);
                }
                catch (OperationCanceledException error)
                {
                    throw new RegistryIndexException(index.Provider, "delete", "interrupted.", mayRetry: true, error);
                }
            },
        }),
        new("ends a cancelled list without an exception", "a-list-can-be-cancelled-on-the-way", index => new AlteredIndex(index) { List = (after, cancellation) => index.ListAsync(after, CancellationToken.None).TakeWhile(_ => !cancellation.IsCancellationRequested) }),
        new("does not check its token while it lists", "a-list-can-be-cancelled-on-the-way", index => new AlteredIndex(index) { List = (after, _) => index.ListAsync(after, CancellationToken.None) }),
        new("does not check its token while it imports", "an-import-can-be-cancelled-on-the-way", index => new AlteredIndex(index) { Import = (stream, options, _) => index.ImportAsync(stream, options, CancellationToken.None) }),
        new("does not check its token while repositories are refused", "an-import-can-be-cancelled-on-the-way", index => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                var result = ImportResult.None;
                await foreach (var repository in stream)
                    result += repository.FindProblem() is null ? await index.ImportAsync(((Repository[])[repository]).ToAsyncEnumerable(), options, cancellation) : new() { Refused = 1 };
                return result;
            },
        }),
        new("throws another exception for a null", "a-missing-argument-is-an-argument-error", index => new AlteredIndex(index) { Get = (name, cancellation) => name.Length == 0 ? Task.FromResult<Repository?>(null) : index.GetAsync(name, cancellation) }),
        new("treats a null as an empty query", "a-missing-argument-is-an-argument-error", index => new AlteredIndex(index) { Search = (request, cancellation) => index.SearchAsync(request ?? new(""), cancellation) }),
        new("refuses concurrent operations, as a shared database context", "many-threads-share-an-index", (index, store) =>
        {
            var running = 0;
            return new AlteredIndex(index)
            {
                Upsert = (r, cancellation) => AloneAsync(() => index.UpsertAsync(r, cancellation)),
                Delete = (name, cancellation) => AloneAsync(() => index.DeleteAsync(name, cancellation)),
                Search = (request, cancellation) => AloneAsync(() => index.SearchAsync(request, cancellation)),
            };

            async Task<T> AloneAsync<T>(Func<Task<T>> action)
            {
                var isAlone = Interlocked.Increment(ref running) == 1;
                await CallBarrier.Of(store).ArriveAsync();
                if (!isAlone)
                    throw new InvalidOperationException("A second operation was started on this context.");
                var result = await action();
                Interlocked.Decrement(ref running);
                return result;
            }
        }),
        new("keeps the last query in a field", "many-threads-share-what-one-gives", index =>
        {
            // The first search for "even" takes the query of another one, and answers as soon as the results differ.
            var other = new TaskCompletionSource<SearchRequest>(TaskCreationOptions.RunContinuationsAsynchronously);
            var begun = 0;
            return new AlteredIndex(index)
            {
                Search = async (request, cancellation) =>
                {
                    if (request.Query.ToString() != "even")
                        other.TrySetResult(request);
                    else if (Interlocked.Increment(ref begun) == 1)
                    {
                        SearchPage? wrong = null;
                        await Eventually.BeAsync(async () => (wrong = await index.SearchAsync(await other.Task, cancellation)).Repositories is [{ Description: "odd always" }]);
                        return wrong!;
                    }

                    return await index.SearchAsync(request, cancellation);
                },
            };
        }),
        new("hangs", "get-reads-your-own-write", index => new AlteredIndex(index)
        {
            Get = async (_, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return null;
            },
        }),
    ];

    private static AlteredIndex Renaming(MemoryIndex index, string operation) => new(index)
    {
        Search = async (request, cancellation) =>
        {
            try
            {
                return await index.SearchAsync(request, cancellation);
            }
            catch (RegistryIndexException error)
            {
                throw new RegistryIndexException(error.Provider, operation, "failed.", error.MayRetry, error);
            }
        },
    };

    private static async Task<T> OrAsync<T>(Func<Task<T>> action, T otherwise)
    {
        try
        {
            return await action();
        }
        catch (RegistryIndexException)
        {
            return otherwise;
        }
    }

    private static async IAsyncEnumerable<Repository> Short(MemoryIndex index, string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var list = index.ListAsync(after, cancellation).GetAsyncEnumerator(cancellation);
        while (await OrAsync(() => list.MoveNextAsync().AsTask(), otherwise: false))
            yield return list.Current;
    }

    private sealed class Deaf(IAsyncEnumerable<Repository> list) : IAsyncEnumerable<Repository>
    {
        public IAsyncEnumerator<Repository> GetAsyncEnumerator(CancellationToken cancellationToken = default) => list.GetAsyncEnumerator(CancellationToken.None);
    }
}
