namespace RegistryIndex.Migration.Replication;

/// <summary>
/// Brings what one index says of a name to another: the one way in which a mirror and a migration overwrite or delete single
/// repositories.
/// </summary>
/// <remarks>
/// Any number of calls may work on one name, in any number of processes, while the name is written: when the last of
/// them has returned, both sides say the same. Consider the last write to <c>to</c>, of a value w. The call that made it read
/// <c>from</c> again afterwards, and stopped only because <c>from</c> still said w. Had <c>from</c> changed later, the mirror that
/// changed it would have called this afterwards, and either found w already there or written again, later than the
/// last write. So w is what <c>from</c> says. This requires that reads see the writes that returned before (contract 2.6), and that every
/// change of <c>from</c> is followed by a call.
/// </remarks>
internal static class RepositoryReplication
{
    // Each round means that somebody wrote the name in between; more than this is no accident.
    private const int MostRounds = 100;

    /// <summary>Writes what <paramref name="from"/> says until it says so still.</summary>
    /// <returns>Whether anything was written.</returns>
    /// <exception cref="ArgumentException">The target refuses the repository.</exception>
    /// <exception cref="RegistryIndexException">One of the sides failed, or the name was written all the time.</exception>
    public static async Task<bool> ReplicateAsync(IRegistryIndex from, IRegistryIndex to, string name, CancellationToken cancellationToken)
    {
        var hasWritten = false;
        var truth = await from.GetAsync(name, cancellationToken);
        for (var round = 0; round < MostRounds; round++)
        {
            if (truth is null)
                hasWritten |= await to.DeleteAsync(name, cancellationToken);
            else
                hasWritten |= await to.UpsertAsync(truth, cancellationToken) != UpsertOutcome.Unchanged;
            var now = await from.GetAsync(name, cancellationToken);
            if (now == truth)
                return hasWritten;
            truth = now;
        }

        throw new RegistryIndexException(to.Provider, "mirror", $"others kept writing the repository '{RepositoryName.Shown(name)}'; try again later.", mayRetry: true);
    }
}
