using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Model;
using RegistryIndex.EfCore.Sql;

namespace RegistryIndex.EfCore.Writing;

/// <summary>The marks of the index, in <c>registry_index_state</c>.</summary>
internal static class Marks
{
    public static async Task<string?> ReadAsync(SqliteDatabase database, string name, CancellationToken cancellationToken)
    {
        var db = database.Open();
        await using (db.ConfigureAwait(false))
            return await FindAsync(db, name).Select(row => row.Value).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
    }

    public static async Task<bool> TryReplaceAsync(SqliteDatabase database, string name, string? expected, string? replacement, CancellationToken cancellationToken)
    {
        var db = database.Open();
        await using (db.ConfigureAwait(false))
        {
            var transaction = await SqliteDatabase.BeginWriteAsync(db, cancellationToken).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                var found = await FindAsync(db, name).Select(row => row.Value).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
                if (found != expected)
                    return false;
                await FindAsync(db, name).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
                if (replacement is not null)
                {
                    db.State.Add(new StateRow { Name = StateRow.MarkPrefix + name, Value = replacement });
                    await db.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                }

                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return true;
            }
        }
    }

    private static IQueryable<StateRow> FindAsync(IndexDbContext db, string name)
    {
        var key = StateRow.MarkPrefix + name;
        return db.State.Where(row => row.Name == key);
    }
}
