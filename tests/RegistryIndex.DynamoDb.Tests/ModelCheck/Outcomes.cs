namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// Whether what operations returned, and what there is now, comes out if they are done one after another in some order
/// that has each after those that had ended before it began. One that has not ended may have taken effect or not.
/// </summary>
internal sealed class Outcomes(Repository? before)
{
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    public bool Explain(Repository? now, IReadOnlyList<Process> processes)
    {
        var ran = processes.Where(process => process.Operation is not null).Select((process, number) => new Ran(
            number, process.Operation!, process.Result, process.EndedBefore ?? 0, process.WentUnanswered)).ToArray();
        var key = $"{now}/{string.Join('/', ran.Select(one => $"{one.Result} {one.EndedBefore} {one.WentUnanswered}"))}";
        if (!_known.TryGetValue(key, out var explained))
            _known[key] = explained = Explain(before, now, ran, done: 0, again: 0);
        return explained;
    }

    private static bool Explain(Repository? current, Repository? now, Ran[] ran, int done, int again)
    {
        if (current == now && ran.All(one => one.Result is null || one.IsIn(done)))
            return true;
        foreach (var one in ran)
        {
            var (after, result) = one.Operation.Meaning(current);
            if (!one.IsIn(done) && (one.EndedBefore & ~done) == 0 && one.MayReturn(result) && Explain(after, now, ran, done | one.Bit, again))
                return true;
            // A request that was not answered may be carried out besides the one that took its place, and even after the
            // operation has returned: nothing short of a transaction's token would tell the store to forget it.
            if (one.WentUnanswered && !one.IsIn(again) && (one.EndedBefore & ~done) == 0 && Explain(after, now, ran, done, again | one.Bit))
                return true;
        }

        return false;
    }

    private readonly record struct Ran(int Number, Operation Operation, string? Result, int EndedBefore, bool WentUnanswered)
    {
        public int Bit => 1 << Number;

        public bool IsIn(int bits) => (bits & Bit) != 0;

        // A delete that was not answered cannot tell its own work from another's.
        public bool MayReturn(string result) => Result is null || Result == result || (WentUnanswered && Result is "True");
    }
}
