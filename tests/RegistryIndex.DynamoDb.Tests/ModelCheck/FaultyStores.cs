using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>A store that breaks a rule of the write protocol, for tests of the checker. The base class passes everything on.</summary>
internal abstract class FaultyStore(IIndexStore inner) : IIndexStore
{
    protected IIndexStore Inner => inner;

    public virtual ServiceClock Clock => inner.Clock;

    public virtual Task<RepositoryRow?> ReadAsync(string name) => inner.ReadAsync(name);

    public virtual Task WritePostingsAsync(IReadOnlyList<Posting> postings) =>
        inner.WritePostingsAsync(postings);

    public virtual Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld) =>
        inner.TryPutAsync(row, read, isTooOld);

    public virtual Task<Removal> TryRemoveAsync(RepositoryRow read) => inner.TryRemoveAsync(read);

    public virtual Task DeletePostingsAsync(IReadOnlyList<Posting> postings) =>
        inner.DeletePostingsAsync(postings);
}

/// <summary>Puts the row first, and then writes its postings.</summary>
internal sealed class RowFirst(IIndexStore inner) : FaultyStore(inner)
{
    private IReadOnlyList<Posting> _postings = [];

    public override Task WritePostingsAsync(IReadOnlyList<Posting> postings)
    {
        _postings = postings;
        return Task.CompletedTask;
    }

    public override async Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        var result = await Inner.TryPutAsync(row, read, isTooOld);
        if (result == PutResult.Written)
            await Inner.WritePostingsAsync(_postings);
        return result;
    }
}

/// <summary>Deletes the old postings before it puts the row, not after.</summary>
internal sealed class OldPostingsFirst(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        await Inner.DeletePostingsAsync([.. read?.Postings.Where(posting => !row.Owns(posting)) ?? []]);
        return await Inner.TryPutAsync(row, read, isTooOld);
    }
}

/// <summary>Puts the row even if it has changed since it was read.</summary>
internal sealed class PutsInAnyCase(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        while (true)
        {
            var result = await Inner.TryPutAsync(row, read, isTooOld);
            if (result != PutResult.Refused)
                return result;
            read = await Inner.ReadAsync(row.Name);
        }
    }
}

/// <summary>Retries a put without an answer, as HTTP clients do, and recognizes its own row.</summary>
internal sealed class PutsAgain(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        var result = await Inner.TryPutAsync(row, read, isTooOld);
        if (result != PutResult.Unknown)
            return result;
        result = await Inner.TryPutAsync(row, read, isTooOld);
        if (result != PutResult.Refused)
            return result;
        var found = await Inner.ReadAsync(row.Name);
        return found?.HasNonce(row.NonceSince(read)) == true ? PutResult.Written : PutResult.Refused;
    }
}

/// <summary>Checks the age of an attempt before it queues, and not again.</summary>
internal sealed class LooksAtTheAgeTooEarly(IIndexStore inner) : FaultyStore(inner)
{
    public override Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld) =>
        isTooOld() ? Task.FromResult(PutResult.Refused) : Inner.TryPutAsync(row, read, () => false);
}

/// <summary>Treats a missing answer as a refusal.</summary>
internal sealed class TakesNoAnswerForNo(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        var result = await Inner.TryPutAsync(row, read, isTooOld);
        return result == PutResult.Unknown ? PutResult.Refused : result;
    }
}

/// <summary>Reports a row that another process has removed as removed by itself.</summary>
internal sealed class ClaimsAnothersRemoval(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<Removal> TryRemoveAsync(RepositoryRow read)
    {
        var result = await Inner.TryRemoveAsync(read);
        return result == Removal.AlreadyGone ? Removal.Removed : result;
    }
}

/// <summary>Uses the clock of its own machine.</summary>
internal sealed class GoesByItsOwnClock(IIndexStore inner) : FaultyStore(inner)
{
    public override ServiceClock Clock { get; } = inner is ProcessStore process ? new(process.Time) : inner.Clock;
}

/// <summary>Waits for something that is not a step.</summary>
internal sealed class WaitsForTheClock(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<RepositoryRow?> ReadAsync(string name)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        return null;
    }
}

/// <summary>Reads the row once, and always returns that row.</summary>
internal sealed class BelievesItsFirstRead(IIndexStore inner) : FaultyStore(inner)
{
    private (bool IsKnown, RepositoryRow? Row) _first;

    public override async Task<RepositoryRow?> ReadAsync(string name)
    {
        var row = await Inner.ReadAsync(name);
        if (!_first.IsKnown)
            _first = (true, row);
        return _first.Row;
    }
}

/// <summary>Puts the row even if its facts have changed since it was read.</summary>
internal sealed class LeavesTheFactsOutOfTheCondition(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        var now = await Inner.ReadAsync(row.Name);
        return await Inner.TryPutAsync(row, read is null ? null : read with { FactsNonce = now?.FactsNonce }, isTooOld);
    }
}

/// <summary>Reads rows like a build without facts.</summary>
internal sealed class ReadsNoFacts(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<RepositoryRow?> ReadAsync(string name) =>
        await Inner.ReadAsync(name) is { } row ? row with { Facts = null, FactsNonce = null } : null;
}
