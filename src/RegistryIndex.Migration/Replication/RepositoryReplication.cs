namespace RegistryIndex.Migration.Replication;

/// <summary>
/// Copies a repository, by name, from one index to another. Mirrors and migrations use only this to overwrite or delete single
/// repositories.
/// </summary>
/// <remarks>
/// Any number of calls may work on one name, in any number of processes, while the name is written: when the last of
/// them has returned, both indexes have the same content. Consider the last write to <c>to</c>, of a value w. The call that made it read
/// <c>from</c> again afterwards, and stopped only because <c>from</c> still had w. If <c>from</c> had changed later, the mirror that
/// changed it would have made another call afterwards. That call would have found w already there, or written again, later than the
/// last write. So <c>from</c> has w. This requires that reads see the writes that completed before (contract 2.6), and that every
/// change of <c>from</c> is followed by a call.
/// </remarks>
internal static class RepositoryReplication
{
    // Each round means that another caller wrote the name in between. More rounds than this are no coincidence.
    private const int MostRounds = 100;

    /// <summary>Writes the content of <paramref name="from"/> until <paramref name="from"/> no longer changes.</summary>
    /// <returns>Whether anything was written.</returns>
    /// <exception cref="ArgumentException">The target refuses the repository.</exception>
    /// <exception cref="RegistryIndexException">One of the indexes failed, or the repository was written all the time.</exception>
    public static async Task<bool> ReplicateAsync(IRegistryIndex from, IRegistryIndex to, string name, CancellationToken cancellationToken)
    {
        var hasWritten = false;
        var truth = await from.GetAsync(name, cancellationToken);
        for (var round = 0; round < MostRounds; round++)
        {
            if (truth is null)
                hasWritten |= await to.DeleteAsync(name, cancellationToken);
            else
                hasWritten |= await WriteAsync(to, truth.KeptBy(to.Capabilities), cancellationToken);
            var now = await from.GetAsync(name, cancellationToken);
            if (now == truth)
                return hasWritten;
            truth = now;
        }

        throw new RegistryIndexException(to.Provider, "mirror", $"other processes kept writing the repository '{RepositoryName.Shown(name)}'; try again later.", mayRetry: true);
    }

    // An upsert leaves facts where it has none, and a later push (contract 8.6, 8.7): such as a repository has that was deleted and added again.
    private static async Task<bool> WriteAsync(IRegistryIndex to, Repository truth, CancellationToken cancellationToken)
    {
        if (await to.GetAsync(truth.Name, cancellationToken) is { Facts: not null } stored && truth.WriteOver(stored).Result is var left && left.Facts != truth.Facts)
            await to.DeleteAsync(truth.Name, cancellationToken);
        return await to.UpsertAsync(truth, cancellationToken) != UpsertOutcome.Unchanged;
    }
}
