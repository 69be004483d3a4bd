using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Memory;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Writing;

/// <summary>The only code that writes repositories: a batch of one or of a thousand, in one transaction.</summary>
internal static class Batch
{
    /// <summary>Upserts repositories of different names. If nothing changes, nothing is written and no lock is taken.</summary>
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
                    & await ChangeAsync(database, db, changes.Described, cancellationToken).ConfigureAwait(false)
                    & await PutFactsAsync(database, db, changes.WithFacts, cancellationToken).ConfigureAwait(false);
                if (!isWhole)
                    await ForeignRows.TakeInAsync(database, db, progress: null, cancellationToken).ConfigureAwait(false);
                if (changes.HaveTexts || !isWhole)
                    await ChangeLog.NoteAsync(database, db, isWhole ? [.. changes.Names] : null, cancellationToken).ConfigureAwait(false);
                await database.CommitAsync(transaction, cancellationToken).ConfigureAwait(false);
                return changes.ToResult();
            }
        }
    }

    /// <summary>Deletes a repository.</summary>
    /// <returns>Whether the repository existed.</returns>
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
            await ForeignRows.RemoveStartsAsync(database, db, [row.InTable], cancellationToken).ConfigureAwait(false);
            await db.Database.ExecuteSqlRawAsync(database.Statements.RemoveFacts, [name], cancellationToken).ConfigureAwait(false);
            await db.Database.ExecuteSqlRawAsync(database.Statements.Unfold, [name], cancellationToken).ConfigureAwait(false);
            var removed = await db.Database.ExecuteSqlRawAsync(database.Statements.Remove, [name], cancellationToken).ConfigureAwait(false);
            await database.CommitAsync(transaction, cancellationToken).ConfigureAwait(false);
            return removed > 0;
        }
    }

    // A database may treat different texts as equal, such as one with a trailing space.
    public static async Task<FoundRow?> FindAsync(IndexDatabase database, IndexDbContext db, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!database.CanHold(name))
            return null;
        return (await FindAsync(database, db, [name], cancellationToken).ConfigureAwait(false)).Find(row => row.Name == name);
    }

    private static Task<List<FoundRow>> FindAsync(IndexDatabase database, IndexDbContext db, IEnumerable<string> names, CancellationToken cancellationToken) =>
        db.Database.SqlQueryRaw<FoundRow>(database.FindRepositories, FoldedRow.ToJson(names)).ToListAsync(cancellationToken);

    // The following methods return whether our tables had the expected rows. They lack them if another program has written since the last start.
    private static async Task<bool> AddAsync(IndexDatabase database, IndexDbContext db, List<Repository> added, CancellationToken cancellationToken)
    {
        if (added.Count == 0)
            return true;
        var rows = await db.Repositories.FromSqlRaw(database.Statements.AddRepositories, ToJson(database, added)).ToListAsync(cancellationToken).ConfigureAwait(false);
        return await ForeignRows.FoldAsync(database, db, rows, cancellationToken).ConfigureAwait(false) == added.Count;
    }

    private static async Task<bool> ChangeAsync(IndexDatabase database, IndexDbContext db, List<Repository> updated, CancellationToken cancellationToken)
    {
        if (updated.Count == 0)
            return true;
        var json = ToJson(database, updated);
        await db.Database.ExecuteSqlRawAsync(database.Statements.ChangeRepositories, [json], cancellationToken).ConfigureAwait(false);
        return await db.Database.ExecuteSqlRawAsync(database.Statements.FoldDescriptions, [json], cancellationToken).ConfigureAwait(false) == updated.Count;
    }

    private static async Task<bool> PutFactsAsync(IndexDatabase database, IndexDbContext db, List<Repository> withFacts, CancellationToken cancellationToken)
    {
        if (withFacts.Count == 0)
            return true;
        var json = database.ToParameter(FactsRow.ToUtf8Json(withFacts.Select(FactsRow.Of)));
        return await db.Database.ExecuteSqlRawAsync(database.Statements.PutFacts, [json], cancellationToken).ConfigureAwait(false) == withFacts.Count;
    }

    private static object ToJson(IndexDatabase database, List<Repository> repositories) =>
        database.ToParameter(FoldedRow.ToUtf8Json(repositories.Select(repository => FoldedRow.Of(repository, database.ToStored))));

    private static async Task<Changes> CompareAsync(IndexDatabase database, IndexDbContext db, IReadOnlyCollection<Repository> repositories, bool keepDescriptions, CancellationToken cancellationToken)
    {
        var stored = (await FindAsync(database, db, repositories.Select(repository => repository.Name), cancellationToken).ConfigureAwait(false))
            .ToDictionary(row => row.Name, row => row.ToRepository(database.FromStored), StringComparer.Ordinal);
        var changes = new Changes();
        foreach (var repository in repositories)
        {
            var before = stored.GetValueOrDefault(repository.Name);
            changes.Add(before, repository.WriteOver(before, keepDescriptions));
        }

        return changes;
    }

    private sealed class Changes
    {
        private long _updated;
        private long _unchanged;

        public List<Repository> Added { get; } = [];

        /// <summary>Existing repositories whose descriptions change.</summary>
        public List<Repository> Described { get; } = [];

        /// <summary>Repositories whose facts change. A write never removes facts.</summary>
        public List<Repository> WithFacts { get; } = [];

        public IEnumerable<string> Names => Added.Concat(Described).Select(repository => repository.Name);

        public bool HaveTexts => Added.Count > 0 || Described.Count > 0;

        public bool IsEmpty => !HaveTexts && WithFacts.Count == 0;

        public void Add(Repository? before, RepositoryWrite write)
        {
            if (write.Outcome == UpsertOutcome.Unchanged)
            {
                _unchanged++;
                return;
            }

            if (before is null)
                Added.Add(write.Result);
            else
                _updated++;
            if (before is not null && before.Description != write.Result.Description)
                Described.Add(write.Result);
            if (before?.Facts != write.Result.Facts)
                WithFacts.Add(write.Result);
        }

        public ImportResult ToResult() => new() { Added = Added.Count, Updated = _updated, Unchanged = _unchanged };
    }
}
