using System.Globalization;
using RegistryIndex.Providers;

namespace RegistryIndex.Migration;

/// <summary>The effect that a migration would have on the content of its target.</summary>
/// <param name="Overwritten">The number of repositories of the target that would get another description or other facts.</param>
/// <param name="Kept">The number of repositories that only the target has; they stay.</param>
/// <param name="Refused">The number of repositories that the target would refuse.</param>
/// <param name="ToWrite">The number of repositories that would be written.</param>
/// <param name="Cost">The cost of these writes, if the target bills by the write.</param>
/// <param name="Examples">The first few repositories that differ in the target, for operators.</param>
/// <param name="IsCopy">Whether everything in the target was copied from the source, so that differences are not other data.</param>
public sealed record TargetContent(long Overwritten, long Kept, long Refused, long ToWrite, WriteEstimate Cost, IReadOnlyList<string> Examples, bool IsCopy)
{
    private const int MostExamples = 5;

    /// <summary>Whether the target has repositories that the source does not have, or that differ from the source.</summary>
    public bool IsOther => Overwritten + Kept > 0;

    /// <summary>Returns a sentence that says what the migration would overwrite.</summary>
    public string ToSentence() => string.Create(CultureInfo.InvariantCulture,
        $"{Overwritten:n0} descriptions or facts would be overwritten, and {Kept:n0} repositories are only in the target and would stay ({string.Join("; ", Examples)}{(Overwritten + Kept > Examples.Count ? "; …" : "")})");

    /// <summary>Compares source and target without writing anything.</summary>
    /// <param name="source">The source.</param>
    /// <param name="target">The target; null if it does not exist yet.</param>
    /// <param name="writeCost">The cost of writes to the target; null if writes are not billed, or the cost is not needed.</param>
    /// <param name="refused">Called with each repository that the target would refuse.</param>
    /// <param name="cancellationToken">Cancels the comparison.</param>
    public static async Task<TargetContent> ReadAsync(MigrationEndpoint source, MigrationEndpoint? target, IWriteCost? writeCost, Action<RefusedRepository>? refused, CancellationToken cancellationToken)
    {
        var (overwritten, kept, refusals, toWrite, cost) = (0L, 0L, 0L, 0L, new WriteEstimate(0, 0));
        var examples = new List<string>();
        var isCopy = target is { IsMirrored: true } && source.IsSearchable && await MirrorMark.IsCopyAsync(target.Index, source.Index, cancellationToken);
        var comparison = new IndexComparison(source.Index, target?.Index ?? new NoIndex(), TimeProvider.System)
        {
            IsSettled = target is null,
            IsMirrored = target is { IsMirrored: true } && !isCopy, // the migration itself adds what a copy lacks, so there is no need to wait for it
        };
        await foreach (var difference in comparison.FindAsync(cancellationToken))
        {
            var (name, from, to) = difference;
            if (to is not null && examples.Count < MostExamples)
                examples.Add(difference.IsOfFacts ? $"{RepositoryName.Shown(name)} has other facts" : from is null ? $"{RepositoryName.Shown(name)} is only in the target" : $"{RepositoryName.Shown(name)} says '{Shown(to)}' and would say '{Shown(from)}'");
            if (from is null)
            {
                kept++;
                continue;
            }

            if (from.FindProblem() is { } problem)
            {
                refusals++;
                refused?.Invoke(new(from, problem));
                continue;
            }

            overwritten += to is null ? 0 : 1;
            toWrite++;
            if (writeCost is not null)
                cost += writeCost.Estimate(from, to);
        }

        return new(overwritten, kept, refusals, toWrite, cost, examples, isCopy);
    }

    private static string Shown(Repository repository) => RepositoryName.Shown(repository.Description ?? "");
}
