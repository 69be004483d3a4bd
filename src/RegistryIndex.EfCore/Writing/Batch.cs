using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Model;
using RegistryIndex.EfCore.Sql;

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
                await WriteAsync(database, db, database.Statements.AddRepositories, changes.Added, cancellationToken).ConfigureAwait(false);
                await WriteAsync(database, db, database.Statements.ChangeRepositories, changes.Updated, cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(database, cancellationToken).ConfigureAwait(false);
                return changes.ToResult();
            }
        }
    }

    private static async Task WriteAsync(IndexDatabase database, IndexDbContext db, string statement, List<Repository> repositories, CancellationToken cancellationToken)
    {
        if (repositories.Count == 0)
            return;
        var json = database.ToParameter(FoldedRow.ToUtf8Json(repositories.Select(repository => FoldedRow.Of(repository, database))));
        await db.Database.ExecuteSqlRawAsync(statement, [json], cancellationToken).ConfigureAwait(false);
        await db.Database.ExecuteSqlRawAsync(database.Statements.Fold, [json], cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Changes> CompareAsync(IndexDatabase database, IndexDbContext db, IReadOnlyCollection<Repository> repositories, bool keepDescriptions, CancellationToken cancellationToken)
    {
        var names = FoldedRow.ToJson(repositories.Select(repository => repository.Name));
        var stored = await db.Repositories.FromSqlRaw(database.Statements.FindRepositories, names)
            .ToDictionaryAsync(row => row.Name, row => row.ToRepository(database), StringComparer.Ordinal, cancellationToken).ConfigureAwait(false);
        var (added, updated, unchanged) = (new List<Repository>(), new List<Repository>(), 0L);
        foreach (var repository in repositories)
        {
            if (!stored.TryGetValue(repository.Name, out var before))
                added.Add(repository);
            else if (before == repository || (keepDescriptions && repository.Description is null))
                unchanged++;
            else
                updated.Add(repository);
        }

        return new(added, updated, unchanged);
    }

    private sealed record Changes(List<Repository> Added, List<Repository> Updated, long Unchanged)
    {
        public bool IsEmpty => Added.Count == 0 && Updated.Count == 0;

        public ImportResult ToResult() => new(Added.Count, Updated.Count, Unchanged, 0);
    }
}
