using System.Numerics;
using System.Runtime.CompilerServices;

namespace RegistryIndex.Sources;

/// <summary>
/// Distinguishes repositories that cannot be read from a source that cannot be read. After many failures in a row, repositories that could
/// be read before are read again; if one still can be read, the source works. Thread-safe.
/// </summary>
/// <param name="find">Looks a repository up, given what the index holds of it.</param>
/// <param name="probe">Throws when the source does not answer at all; called while no repository could be read yet.</param>
public sealed class SourceHealth(Func<string, Repository?, CancellationToken, Task<StoredRepository?>> find, Func<CancellationToken, Task> probe)
{
    private const int FailuresInARow = 16;
    private const int FailuresFromTheStart = 8 * FailuresInARow; // when none could be read yet

    // Each name is replaced half as often as the one before it: some are recent, some are old, since neighbours fail or are deleted together.
    private readonly string?[] _worked = new string?[8];
    private long _read;

    private bool HasWorked => Interlocked.Read(ref _read) > 0;

    /// <summary>Looks a repository up.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="stored">What the index holds of the repository, or null.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    /// <returns>The repository; null when the source answers that there is no such repository.</returns>
    /// <exception cref="RegistrySourceException">The source gives no answer at the moment.</exception>
    public async Task<StoredRepository?> FindAsync(string name, Repository? stored, CancellationToken cancellationToken)
    {
        var found = await find(name, stored, cancellationToken);
        Note(found);
        return found;
    }

    /// <summary>
    /// Reads the listed repositories, a few at a time and in order; one that cannot be read is yielded as not <see
    /// cref="StoredRepository.IsCertain"/>.
    /// </summary>
    /// <param name="listed">The repositories.</param>
    /// <param name="atATime">How many are read at once.</param>
    /// <param name="read">Reads one repository; null when it is gone.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    /// <exception cref="RegistrySourceException">The source cannot be read: what was yielded is incomplete.</exception>
    public async IAsyncEnumerable<StoredRepository> ReadAsync(
        IAsyncEnumerable<ListedRepository> listed, int atATime, Func<string, CancellationToken, Task<StoredRepository?>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failures = 0;
        await foreach (var found in listed.SelectInOrderAsync(atATime, (repository, token) => TryReadAsync(repository, read, token), cancellationToken))
        {
            if (found is not null)
                yield return found;
            failures = found?.Failure is null ? 0 : failures + 1;
            if (!HasWorked && failures == FailuresFromTheStart)
                throw found!.Failure!;
            if (failures > 0 && failures % FailuresInARow == 0)
                await CheckAsync(cancellationToken);
            Note(found);
        }

        if (failures > 0)
            await CheckAsync(cancellationToken); // no repository after the failure could be read
    }

    /// <summary>Finds out whether the source can be read.</summary>
    /// <param name="cancellationToken">Cancels the look-ups.</param>
    /// <exception cref="RegistrySourceException">The source cannot be read.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        // One read is nearly always enough. Otherwise the others are read at the same time, as each may take long to fail.
        var names = _worked.OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        RegistrySourceException? failure = null;
        foreach (var some in (IEnumerable<string>[])[names.Take(1), names.Skip(1)])
        {
            foreach (var found in (await Task.WhenAll(some.Select(name => TryReadAsync(new(name), (it, token) => find(it, null, token), cancellationToken)))).OfType<StoredRepository>())
            {
                if (Works(found))
                    return;
                failure ??= found.Failure ?? new(found.Problem!);
            }
        }

        if (failure is not null)
            throw failure;
        await probe(cancellationToken); // names that are gone prove nothing
    }

    private static async Task<StoredRepository?> TryReadAsync(ListedRepository listed, Func<string, CancellationToken, Task<StoredRepository?>> read, CancellationToken cancellationToken)
    {
        try
        {
            var found = listed.Problem is null ? await read(listed.Name, cancellationToken) : throw listed.Problem;
            return found is null ? null : found with { Tags = null }; // many repositories may have millions
        }
        catch (RegistrySourceException error)
        {
            return new(new(listed.Name), listed.Name, error.Message) { IsCertain = false, HidesOthers = listed.Problem is not null, Failure = error.IsOfOnePlace ? null : error };
        }
    }

    private void Note(StoredRepository? found)
    {
        if (found is not null && Works(found) && RepositoryName.FindProblem(found.Repository.Name) is null)
            Volatile.Write(ref _worked[Math.Min(BitOperations.TrailingZeroCount(Interlocked.Increment(ref _read)), _worked.Length - 1)], found.Repository.Name);
    }

    private static bool Works(StoredRepository found) => found is { IsCertain: true, Failure: null };
}
