using System.Globalization;
using RegistryIndex.Backends;

namespace RegistryIndex.Migration;

/// <summary>What a migration would do to what the target holds.</summary>
/// <param name="Overwritten">How many repositories of the target would get another description.</param>
/// <param name="Kept">How many repositories the target has and the source has not; they stay.</param>
/// <param name="Refused">How many repositories the target would refuse.</param>
/// <param name="ToWrite">How many repositories would be written.</param>
/// <param name="Cost">What that costs, where the target bills by the write.</param>
/// <param name="Examples">The first few that the target has otherwise, for people.</param>
/// <param name="IsCopy">Whether all that the target holds was brought there from the source, so that what differs is not other data.</param>
public sealed record TargetContent(long Overwritten, long Kept, long Refused, long ToWrite, WriteEstimate Cost, IReadOnlyList<string> Examples, bool IsCopy)
{
    private const int MostExamples = 5;

    /// <summary>Whether the target has anything that the source has not, or has otherwise.</summary>
    public bool IsOther => Overwritten + Kept > 0;

    /// <summary>What it would overwrite, in a sentence.</summary>
    public string ToSentence() => string.Create(CultureInfo.InvariantCulture,
        $"{Overwritten:n0} descriptions would be overwritten, and {Kept:n0} repositories are only in the target and would stay ({string.Join("; ", Examples)}{(Overwritten + Kept > Examples.Count ? "; …" : "")})");

    /// <summary>Compares source and target without writing anything.</summary>
    /// <param name="source">The source.</param>
    /// <param name="target">The target; null where there is none yet.</param>
    /// <param name="writeCost">What writes to the target cost; null where nothing is billed, or nobody wants to know.</param>
    /// <param name="refused">Told of what the target would refuse.</param>
    /// <param name="cancellationToken">Cancels the comparison.</param>
    public static async Task<TargetContent> ReadAsync(MigrationEndpoint source, MigrationEndpoint? target, IWriteCost? writeCost, Action<RefusedRepository>? refused, CancellationToken cancellationToken)
    {
        var (overwritten, kept, refusals, toWrite, cost) = (0L, 0L, 0L, 0L, new WriteEstimate(0, 0));
        var examples = new List<string>();
        var isCopy = target is { IsMirrored: true } && source.IsSearchable && await MirrorMark.IsCopyAsync(target.Index, source.Index, cancellationToken);
        var comparison = new IndexComparison(source.Index, target?.Index ?? new NoIndex(), TimeProvider.System)
        {
            IsSettled = target is null,
            IsMirrored = target is { IsMirrored: true } && !isCopy, // what a copy lacks is moved, and need not be waited for
        };
        await foreach (var (name, from, to) in comparison.FindAsync(cancellationToken))
        {
            if (to is not null && examples.Count < MostExamples)
                examples.Add(from is null ? $"{RepositoryName.Shown(name)} is only there" : $"{RepositoryName.Shown(name)} says '{Shown(to)}' and would say '{Shown(from)}'");
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
