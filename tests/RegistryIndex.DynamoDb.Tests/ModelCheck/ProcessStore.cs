using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Requests;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// The store from the view of one process. Each change of the tables is a step of its own: a batch has as many steps as postings, in
/// any order.
/// </summary>
internal sealed class ProcessStore(World world, Process process, TimeProvider time) : IIndexStore
{
    /// <summary>The clock of the process's machine.</summary>
    public TimeProvider Time => time;

    public ServiceClock Clock { get; } = new(time);

    /// <summary>Whether the build of the process knows facts. An earlier build does not.</summary>
    public bool KnowsFacts { get; init; } = true;

    /// <summary>
    /// Returns a posting that a scan finds, at any time. A sweep treats each posting independently of the others, so checking each of
    /// them alone covers all of them, in all orders.
    /// </summary>
    public async Task<Posting> ScanAsync()
    {
        var found = await process.ChooseAsync<Posting>(() => [.. world.Table.Postings], posting => $"scan {world.Show(posting)}");
        Saw(world.Show(found));
        return found;
    }

    public async Task<RepositoryRow?> ReadAsync(string name)
    {
        await process.ChooseAsync("read the row");
        var row = KnowsFacts ? world.Table.Row : world.Table.Row is { } known ? known with { Facts = null, FactsNonce = null } : null;
        Saw(world.Show(row));
        return row;
    }

    /// <summary>Waits for the turn of an operation that first reads something other than the store, or that must follow another one.</summary>
    public Task BeginAsync() => process.ChooseAsync<string>(() => world.MayBegin(process) ? ["begin"] : [], what => what);

    /// <summary>Changes the tables in one step.</summary>
    public async Task DoAsync(string what, Action<World> effect)
    {
        await process.ChooseAsync(what);
        effect(world);
        Saw(Process.Nothing);
    }

    /// <summary>The row cache of its process.</summary>
    public RowMemory Memory => world.Memory;

    /// <summary>Returns all postings, as one scan finds them.</summary>
    public async Task<IReadOnlyList<Posting>> ScanAllAsync()
    {
        await process.ChooseAsync("scan all");
        IReadOnlyList<Posting> found = [.. world.Table.Postings];
        Saw(world.Show(found));
        return found;
    }

    /// <summary>Reads the row and receives the answer in a later step.</summary>
    public async Task<RepositoryRow?> ReadSlowlyAsync()
    {
        var row = await ReadAsync(Operation.Name);
        await process.ChooseAsync("hear of the row");
        return row;
    }

    public Task WritePostingsAsync(IReadOnlyList<Posting> postings) =>
        EachAsync("write", postings, world.Table.Put);

    public Task DeletePostingsAsync(IReadOnlyList<Posting> postings) =>
        EachAsync("delete", postings, world.Table.Delete);

    public async Task<PutResult> TryPutAsync(RepositoryRow row, RepositoryRow? read, Func<bool> isTooOld)
    {
        world.Meet(row.NonceSince(read), process);
        string What() => $"put {world.Show(row)}";
        // Other requests may be ahead of it.
        if (world.AnswersTakeTime)
            await process.ChooseAsync($"{What()} when its turn comes");
        if (isTooOld())
        {
            process.Saw("too old");
            return PutResult.Refused;
        }

        process.IsAboutToPut = true;
        var isAnswered = await IsAnsweredAsync(What);
        process.IsAboutToPut = false;
        if (!isAnswered)
        {
            Lose(What(), isPut: true, () => world.Table.TryPut(row, read, KnowsFacts));
            world.Forget();
            return PutResult.Unknown;
        }

        var result = world.Table.TryPut(row, read, KnowsFacts) ? PutResult.Written : PutResult.Refused;
        if (world.AnswersTakeTime)
            await process.ChooseAsync($"hear that it is {result}");
        world.Forget();
        Saw($"{result}");
        return result;
    }

    public async Task<Removal> TryRemoveAsync(RepositoryRow read)
    {
        string What() => $"remove {world.Show(read)}";
        var isAnswered = await IsAnsweredAsync(What);
        if (!isAnswered)
        {
            // The request is retried. If the row is gone then, the process must assume that it removed the row itself.
            Lose(What(), isPut: false, () => world.Table.TryRemove(read, KnowsFacts));
            await process.ChooseAsync($"{What()} again");
        }

        var result = world.Table.TryRemove(read, KnowsFacts);
        if (!isAnswered && result == Removal.AlreadyGone)
            result = Removal.Removed;
        world.Forget();
        Saw($"{result}");
        return result;
    }

    // Each answer contains the store's time.
    private void Saw(string what)
    {
        process.Saw(what);
        Clock.Note(world.Clock.GetUtcNow());
    }

    private Task<bool> IsAnsweredAsync(Func<string> what) => process.ChooseAsync<bool>(
        () => world.MayFail ? [true, false] : [true],
        isAnswered => isAnswered ? what() : what() + ", to which no answer comes");

    // Without an answer, it is unknown whether the request was executed, will be executed, or is lost.
    private void Lose(string what, bool isPut, Action later)
    {
        process.WentUnanswered = true;
        process.Saw("no answer");
        world.Fail($"{process.Name}'s request arrives late: {what}", isPut, later);
    }

    private async Task EachAsync(string verb, IReadOnlyList<Posting> postings, Action<Posting> effect)
    {
        foreach (var posting in postings)
            world.Meet(posting.Nonce, process);
        List<Posting> left = [.. postings];
        while (left.Count > 0)
        {
            var (posting, failure) = await process.ChooseAsync(() => Choices(left), choice => Show(verb, choice));
            if (failure == BatchFailure.GivenUp)
            {
                world.Fail();
                process.Saw("given up");
                throw new RegistryIndexException("model", verb, "the store did not answer.", mayRetry: true);
            }

            if (failure == BatchFailure.Repeated)
                world.Fail($"arrives once more: {verb} {world.Show(posting)}", later: () => effect(posting));
            effect(posting);
            left.Remove(posting);
        }

        Saw(Process.Nothing);
    }

    private List<(Posting Posting, BatchFailure Failure)> Choices(List<Posting> left)
    {
        List<(Posting, BatchFailure)> choices = [.. left.Select(posting => (posting, BatchFailure.None))];
        if (world.MayFail)
            choices.AddRange([.. left.Select(posting => (posting, BatchFailure.Repeated)), (default, BatchFailure.GivenUp)]);
        return choices;
    }

    private string Show(string verb, (Posting Posting, BatchFailure Failure) choice) => choice.Failure switch
    {
        BatchFailure.GivenUp => $"fail to {verb} any more",
        BatchFailure.Repeated => $"{verb} {world.Show(choice.Posting)}, which arrives once more",
        _ => $"{verb} {world.Show(choice.Posting)}",
    };

    private enum BatchFailure
    {
        None,

        /// <summary>The request was sent twice, and one of the two arrives at any later time.</summary>
        Repeated,

        /// <summary>The store has not answered for too long, and the caller gets an error.</summary>
        GivenUp,
    }
}
