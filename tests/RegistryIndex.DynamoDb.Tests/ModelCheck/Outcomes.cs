namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// Checks whether some sequential order of the operations explains their results and the current repository. In this order, each
/// operation follows those that had ended before it began. An unfinished operation may have taken effect or not.
/// </summary>
internal sealed class Outcomes(Repository? before)
{
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    public bool Explain(Repository? now, IReadOnlyList<Process> processes)
    {
        var ran = processes.Where(process => process.Operation is not null).Select((process, number) => new Ran(
            number, process.Operation!, process.Result, process.EndedBefore ?? 0, process.WentUnanswered)).ToArray();
        var key = $"{Operation.TextOf(now)}/{string.Join('/', ran.Select(one => $"{one.Result} {one.EndedBefore} {one.WentUnanswered}"))}";
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
            // A request without an answer may be executed in addition to its retry, and even after the operation has returned. Only a
            // transaction's token would make the store ignore it.
            if (one.WentUnanswered && !one.IsIn(again) && (one.EndedBefore & ~done) == 0 && Explain(after, now, ran, done, again | one.Bit))
                return true;
        }

        return false;
    }

    private readonly record struct Ran(int Number, Operation Operation, string? Result, int EndedBefore, bool WentUnanswered)
    {
        public int Bit => 1 << Number;

        public bool IsIn(int bits) => (bits & Bit) != 0;

        // A delete without an answer cannot distinguish its own work from that of another.
        public bool MayReturn(string result) => Result is null || Result == result || (WentUnanswered && Result is "True");
    }
}
