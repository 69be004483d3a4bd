using Microsoft.EntityFrameworkCore;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Model;

namespace RegistryIndex.EfCore.Writing;

/// <summary>The marks of the index, in <c>registry_index_state</c>.</summary>
internal static class Marks
{
    public static async Task<string?> ReadAsync(IndexDatabase database, IndexDbContext db, string name, CancellationToken cancellationToken) =>
        database.FromStored(await Find(db, name).Select(row => row.Value).SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false));

    public static async Task<bool> TryReplaceAsync(IndexDatabase database, IndexDbContext db, string name, string? expected, string? replacement, CancellationToken cancellationToken)
    {
        var transaction = await database.BeginWriteAsync(db, cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (await ReadAsync(database, db, name, cancellationToken).ConfigureAwait(false) != expected)
                return false;
            var key = StateRow.MarkPrefix + name;
            var value = database.ToStored(replacement);
            if (value is null)
                await Find(db, name).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
            else if (expected is null)
                await db.Database.ExecuteSqlAsync($"INSERT INTO registry_index_state (name, value) VALUES ({key}, {value})", cancellationToken).ConfigureAwait(false);
            else
                await db.Database.ExecuteSqlAsync($"UPDATE registry_index_state SET value = {value} WHERE name = {key}", cancellationToken).ConfigureAwait(false);
            await database.CommitAsync(transaction, cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    private static IQueryable<StateRow> Find(IndexDbContext db, string name)
    {
        var key = StateRow.MarkPrefix + name;
        return db.State.Where(row => row.Name == key);
    }
}
