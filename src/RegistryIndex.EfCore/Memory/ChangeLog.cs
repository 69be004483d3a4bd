using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Memory;

/// <summary>
/// The log of changes, by which <see cref="SearchMemory"/> verifies that it is current. Every transaction that changes our tables writes to it.
/// </summary>
internal static class ChangeLog
{
    private const int MostNames = 64;

    /// <summary>Logs the repositories that a transaction changes. Call it while they are in <c>repository</c>.</summary>
    /// <param name="database">The database.</param>
    /// <param name="db">The context of the transaction.</param>
    /// <param name="names">The names of the repositories; null if any may have changed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task NoteAsync(IndexDatabase database, IndexDbContext db, IReadOnlyCollection<string>? names, CancellationToken cancellationToken)
    {
        if (database.Statements.Memory is not { } statements)
            return;
        var token = Guid.NewGuid().ToString("n");
        if (names is { Count: <= MostNames })
            await db.Database.ExecuteSqlRawAsync(statements.Note, [FoldedRow.ToJson(names), token], cancellationToken).ConfigureAwait(false);
        else
            await db.Database.ExecuteSqlRawAsync(MemoryStatements.NoteAll, [token], cancellationToken).ConfigureAwait(false);
        await db.Database.ExecuteSqlRawAsync(MemoryStatements.Trim, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>
/// A place in the log. Writers take turns, so the numbers are in the order of the commits. The token distinguishes a place from the place with
/// the same number in another file or in a restored database.
/// </summary>
internal readonly record struct LogPlace(long Number, string Token);

/// <summary>An entry of the log: a repository that was written or removed. Without an id, any repository may have changed.</summary>
internal sealed class Change
{
    public required long Number { get; init; }

    public required string Token { get; init; }

    public int? Id { get; init; }

    public LogPlace Place => new(Number, Token);
}
