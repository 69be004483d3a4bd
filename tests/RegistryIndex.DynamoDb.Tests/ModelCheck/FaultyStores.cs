using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>A store that breaks a rule of the write protocol, for tests of the checker; as it is it passes everything on.</summary>
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

/// <summary>Puts the row first, and writes its postings then.</summary>
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

/// <summary>Deletes the old postings before the row is put, not after.</summary>
internal sealed class OldPostingsFirst(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        await Inner.DeletePostingsAsync([.. read?.Postings.Where(posting => !row.SpeaksFor(posting)) ?? []]);
        return await Inner.TryPutAsync(row, read, isTooOld);
    }
}

/// <summary>Puts the row whatever has been written since it was read.</summary>
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

/// <summary>Sends a put that was not answered again, as HTTP clients do, and knows its own work when it finds it there.</summary>
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
        return found?.SpeaksFor(row.Nonce!) == true ? PutResult.Written : PutResult.Refused;
    }
}

/// <summary>Looks at the age of an attempt before it queues, and not again.</summary>
internal sealed class LooksAtTheAgeTooEarly(IIndexStore inner) : FaultyStore(inner)
{
    public override Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld) =>
        isTooOld() ? Task.FromResult(PutResult.Refused) : Inner.TryPutAsync(row, read, () => false);
}

/// <summary>Takes no answer for a no.</summary>
internal sealed class TakesNoAnswerForNo(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        var result = await Inner.TryPutAsync(row, read, isTooOld);
        return result == PutResult.Unknown ? PutResult.Refused : result;
    }
}

/// <summary>Says of a row that another has removed that it has been removed now.</summary>
internal sealed class ClaimsAnothersRemoval(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<Removal> TryRemoveAsync(RepositoryRow read)
    {
        var result = await Inner.TryRemoveAsync(read);
        return result == Removal.AlreadyGone ? Removal.Removed : result;
    }
}

/// <summary>Goes by the clock of its own machine.</summary>
internal sealed class GoesByItsOwnClock(IIndexStore inner) : FaultyStore(inner)
{
    public override ServiceClock Clock { get; } = inner is ProcessStore process ? new(process.Time) : inner.Clock;
}

/// <summary>Waits for something else than a step.</summary>
internal sealed class WaitsForTheClock(IIndexStore inner) : FaultyStore(inner)
{
    public override async Task<RepositoryRow?> ReadAsync(string name)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, CancellationToken.None);
        return null;
    }
}

/// <summary>Reads the row once, and answers that ever after.</summary>
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
