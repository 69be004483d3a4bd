using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Memory;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Writing;

/// <summary>The one way in which repositories are written: a batch in a transaction, be it of one or of a thousand.</summary>
internal static class Batch
{
    /// <summary>Upserts repositories of different names; nothing is written, and no lock is taken, where nothing changes.</summary>
    public static async Task<ImportResult> WriteAsync(IndexDatabase database, IReadOnlyCollection<Repository> repositories, bool keepDescriptions, CancellationToken cancellationToken)
    {
        var db = database.Open();
        await using (db.ConfigureAwait(false))
        {
            if (await CompareAsync(database, db, repositories, keepDescriptions, cancellationToken).ConfigureAwait(false) is { IsEmpty: true } same)
                return same.ToResult();
            var transaction = await database.BeginWriteAsync(db, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var changes = await CompareAsync(database, db, repositories, keepDescriptions, cancellationToken).ConfigureAwait(false);
                var isWhole = await AddAsync(database, db, changes.Added, cancellationToken).ConfigureAwait(false)
                    & await ChangeAsync(database, db, changes.Updated, cancellationToken).ConfigureAwait(false);
                if (!isWhole)
                    await Strangers.TakeInAsync(database, db, progress: null, cancellationToken).ConfigureAwait(false);
                await ChangeLog.NoteAsync(database, db, isWhole ? [.. changes.Names] : null, cancellationToken).ConfigureAwait(false);
                await database.CommitAsync(transaction, cancellationToken).ConfigureAwait(false);
                return changes.ToResult();
            }
        }
    }

    /// <summary>Deletes a repository.</summary>
    /// <returns>Whether there was one.</returns>
    public static async Task<bool> RemoveAsync(IndexDatabase database, IndexDbContext db, string name, CancellationToken cancellationToken)
    {
        if (await FindAsync(database, db, name, cancellationToken).ConfigureAwait(false) is null)
            return false;
        var transaction = await database.BeginWriteAsync(db, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (await FindAsync(database, db, name, cancellationToken).ConfigureAwait(false) is not { } row)
                return false;
            await ChangeLog.NoteAsync(database, db, [name], cancellationToken).ConfigureAwait(false);
            await Strangers.RemoveStartsAsync(database, db, [row], cancellationToken).ConfigureAwait(false);
            await db.Database.ExecuteSqlRawAsync(database.Statements.Unfold, [name], cancellationToken).ConfigureAwait(false);
            var removed = await db.Database.ExecuteSqlRawAsync(database.Statements.Remove, [name], cancellationToken).ConfigureAwait(false);
            await database.CommitAsync(transaction, cancellationToken).ConfigureAwait(false);
            return removed > 0;
        }
    }

    // A database may take texts for equal that are not, such as one with a space at its end.
    public static async Task<RepositoryRow?> FindAsync(IndexDatabase database, IndexDbContext db, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!database.CanHold(name))
            return null;
        var rows = await db.Repositories.FromSqlRaw(database.Statements.FindRepositories, FoldedRow.ToJson([name])).ToListAsync(cancellationToken).ConfigureAwait(false);
        return rows.Find(row => row.Name == name);
    }

    // Both say whether our tables had what was to be expected there; they have not where somebody else has written since the last start.
    private static async Task<bool> AddAsync(IndexDatabase database, IndexDbContext db, List<Repository> added, CancellationToken cancellationToken)
    {
        if (added.Count == 0)
            return true;
        var rows = await db.Repositories.FromSqlRaw(database.Statements.AddRepositories, ToJson(database, added)).ToListAsync(cancellationToken).ConfigureAwait(false);
        return await Strangers.FoldAsync(database, db, rows, cancellationToken).ConfigureAwait(false) == added.Count;
    }

    private static async Task<bool> ChangeAsync(IndexDatabase database, IndexDbContext db, List<Repository> updated, CancellationToken cancellationToken)
    {
        if (updated.Count == 0)
            return true;
        var json = ToJson(database, updated);
        await db.Database.ExecuteSqlRawAsync(database.Statements.ChangeRepositories, [json], cancellationToken).ConfigureAwait(false);
        return await db.Database.ExecuteSqlRawAsync(database.Statements.FoldDescriptions, [json], cancellationToken).ConfigureAwait(false) == updated.Count;
    }

    private static object ToJson(IndexDatabase database, List<Repository> repositories) =>
        database.ToParameter(FoldedRow.ToUtf8Json(repositories.Select(repository => FoldedRow.Of(database, repository))));

    private static async Task<Changes> CompareAsync(IndexDatabase database, IndexDbContext db, IReadOnlyCollection<Repository> repositories, bool keepDescriptions, CancellationToken cancellationToken)
    {
        var names = FoldedRow.ToJson(repositories.Select(repository => repository.Name));
        var stored = await db.Repositories.FromSqlRaw(database.Statements.FindRepositories, names)
            .ToDictionaryAsync(row => row.Name, row => row.ToRepository(database), StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
        var (added, updated, unchanged) = (new List<Repository>(), new List<Repository>(), 0L);
        foreach (var repository in repositories)
        {
            var write = repository.WriteOver(stored.GetValueOrDefault(repository.Name), keepDescriptions);
            if (write.Outcome == UpsertOutcome.Unchanged)
                unchanged++;
            else
                (write.Outcome == UpsertOutcome.Added ? added : updated).Add(write.Result);
        }

        return new(added, updated, unchanged);
    }

    private sealed record Changes(List<Repository> Added, List<Repository> Updated, long Unchanged)
    {
        public IEnumerable<string> Names => Added.Concat(Updated).Select(repository => repository.Name);

        public bool IsEmpty => Added.Count == 0 && Updated.Count == 0;

        public ImportResult ToResult() => new() { Added = Added.Count, Updated = Updated.Count, Unchanged = Unchanged };
    }
}
