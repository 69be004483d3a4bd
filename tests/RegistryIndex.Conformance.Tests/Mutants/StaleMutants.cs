using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using RegistryIndex.Conformance.Tests.Memory;

namespace RegistryIndex.Conformance.Tests.Mutants;

/// <summary>Providers that cache data that other processes change, or that keep the state of a failed start.</summary>
internal static class StaleMutants
{
    private static readonly ConditionalWeakTable<MemoryStore, HashSet<string>> Adopted = [];

    public static IEnumerable<Mutant> All { get; } =
    [
        new("remembers its last write and does not repeat it", "a-write-is-made-again-where-another-process-undid-it", index =>
        {
            var written = new ConcurrentDictionary<string, Repository>();
            return new AlteredIndex(index)
            {
                Upsert = async (r, cancellation) =>
                {
                    if (written.GetValueOrDefault(r.Name) == r)
                        return UpsertOutcome.Unchanged;
                    var outcome = await index.UpsertAsync(r, cancellation);
                    written[r.Name] = r;
                    return outcome;
                },
                Delete = (name, cancellation) =>
                {
                    written.TryRemove(name, out _);
                    return index.DeleteAsync(name, cancellation);
                },
            };
        }),
        new("remembers its last import and does not repeat it", "a-write-is-made-again-where-another-process-undid-it", index =>
        {
            var imported = new ConcurrentDictionary<string, Repository>();
            return new AlteredIndex(index)
            {
                Upsert = (r, cancellation) =>
                {
                    imported.TryRemove(r.Name, out _);
                    return index.UpsertAsync(r, cancellation);
                },
                Delete = (name, cancellation) =>
                {
                    imported.TryRemove(name, out _);
                    return index.DeleteAsync(name, cancellation);
                },
                Import = async (stream, options, cancellation) =>
                {
                    var known = 0L;
                    var result = await index.ImportAsync(stream.Where(r =>
                    {
                        if (r.FindProblem() is not null || imported.GetValueOrDefault(r.Name) != r)
                        {
                            imported[r.Name] = r;
                            return true;
                        }

                        known++;
                        return false;
                    }), options, cancellation);
                    return result with { Unchanged = result.Unchanged + known };
                },
            };
        }),
        new("remembers missing repositories", "what-was-not-there-is-there-when-another-process-adds-it", index =>
        {
            var missing = new ConcurrentDictionary<string, bool>();
            return new AlteredIndex(index)
            {
                Get = async (name, cancellation) =>
                {
                    if (missing.ContainsKey(name))
                        return null;
                    var got = await index.GetAsync(name, cancellation);
                    if (got is null)
                        missing[name] = true;
                    return got;
                },
                Upsert = (r, cancellation) =>
                {
                    missing.TryRemove(r.Name, out _);
                    return index.UpsertAsync(r, cancellation);
                },
                Import = (stream, options, cancellation) =>
                {
                    missing.Clear();
                    return index.ImportAsync(stream, options, cancellation);
                },
            };
        }),
        new("deletes only names in its own cache", "what-was-not-there-is-there-when-another-process-adds-it", index =>
        {
            var gone = new ConcurrentDictionary<string, bool>();
            return new AlteredIndex(index)
            {
                Delete = async (name, cancellation) =>
                {
                    if (gone.ContainsKey(name))
                        return false;
                    gone[name] = true;
                    return await index.DeleteAsync(name, cancellation);
                },
                Upsert = (r, cancellation) =>
                {
                    gone.TryRemove(r.Name, out _);
                    return index.UpsertAsync(r, cancellation);
                },
                Import = (stream, options, cancellation) =>
                {
                    gone.Clear();
                    return index.ImportAsync(stream, options, cancellation);
                },
            };
        }),
        new("caches the names of its first scan", "what-was-not-there-is-there-when-another-process-adds-it", index =>
        {
            HashSet<string>? names = null;
            return new AlteredIndex(index)
            {
                Upsert = (r, cancellation) =>
                {
                    names?.Add(r.Name);
                    return index.UpsertAsync(r, cancellation);
                },
                Import = (stream, options, cancellation) =>
                {
                    names = null;
                    return index.ImportAsync(stream, options, cancellation);
                },
                Scan = (after, most, cancellation) => ScannedAsync(after, most, cancellation),
            };

            async IAsyncEnumerable<Repository> ScannedAsync(string? after, int? most, [EnumeratorCancellation] CancellationToken cancellation)
            {
                names ??= await index.ListAsync(cancellationToken: cancellation).Select(r => r.Name).ToHashSetAsync(cancellationToken: cancellation);
                await foreach (var r in index.ScanAsync(after, null, cancellation).Where(r => names.Contains(r.Name)).Take(most ?? int.MaxValue))
                    yield return r;
            }
        }),
        new("stays failed after it could not be opened for reading", "a-store-that-is-away-is-read-when-it-is-back", index =>
        {
            Task<SourceState>? opened = null;
            return new AlteredIndex(index) { OpenForReading = cancellation => opened ??= index.OpenForReadingAsync(cancellation) };
        }),
        new("adopts rows in each new process and restores deleted ones", "what-was-adopted-is-not-adopted-again", (index, store) => Adopting(index, store, (there, row) => there is null)),
        new("adopts descriptions in each new process and restores old ones", "what-was-adopted-is-not-adopted-again", (index, store) => Adopting(index, store, (there, row) => there is not null && there != row)),
        new("keeps marks among its rows, and deletes a mark with the repository of its name", "marks-are-beside-the-repositories", index => new AlteredIndex(index)
        {
            Delete = async (name, cancellation) =>
            {
                if (!await index.DeleteAsync(name, cancellation))
                    return false;
                if (name.Length <= 40 && name.All(c => c is '-' or (>= 'a' and <= 'z')) && await index.ReadMarkAsync(name, cancellation) is { } mark)
                    await index.TryReplaceMarkAsync(name, mark, null, cancellation);
                return true;
            },
        }),
        new("counts rows and updates of imports in its status", "the-status-counts-each-repository-once", index =>
        {
            var more = 0L;
            return new AlteredIndex(index)
            {
                Import = async (stream, options, cancellation) =>
                {
                    var result = await index.ImportAsync(stream, options, cancellation);
                    more += result.Updated;
                    return result;
                },
                Status = async cancellation => await index.GetStatusAsync(cancellation) is var status ? status with { Repositories = status.Repositories + more } : throw new InvalidOperationException(),
            };
        }),
        new("counts adopted rows again for each process", "what-was-adopted-is-not-adopted-again", (index, store) => new AlteredIndex(index)
        {
            Status = async cancellation => await index.GetStatusAsync(cancellation) is var status ? status with { Repositories = status.Repositories + store.Predecessor.Count } : throw new InvalidOperationException(),
        }),
    ];

    // Each process adopts only when it starts.
    private static AlteredIndex Adopting(MemoryIndex index, MemoryStore store, Func<Repository?, Repository, bool> isWanted)
    {
        var isStarted = false;
        return new(index)
        {
            Initialize = async cancellation =>
            {
                var isFirst = !Adopted.TryGetValue(store, out _);
                await index.InitializeAsync(cancellation);
                Adopted.AddOrUpdate(store, []);
                foreach (var row in isStarted || isFirst ? [] : store.Adoptable.Where(row => row.FindProblem() is null))
                {
                    if (isWanted(await index.GetAsync(row.Name, cancellation), row))
                        await index.UpsertAsync(row, cancellation);
                }

                isStarted = true;
            },
        };
    }
}
