using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace RegistryIndex.EfCore.Sql;

/// <summary>A database of its own on the configured server, made and dropped by the configured user.</summary>
internal static class ServerScratch
{
    /// <param name="configured">The configured database; disposed of with the place.</param>
    /// <param name="url">Where it is.</param>
    /// <param name="name">The new database's name: letters, digits and <c>_</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="RegistryIndexException">There is a database of that name, or the user may not create one.</exception>
    public static async Task<ScratchPlace> CreateAsync(IndexDatabase configured, DatabaseUrl url, string name, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '_'))
            throw new ArgumentException($"'{name}' is not the name of a scratch place.", nameof(name));
        // Not cancelled on the way: nobody could say whether there is a database now.
        await RunAsync(configured, "create scratch", "CREATE DATABASE " + name).ConfigureAwait(false);
        var (connectionString, drop) = url.Kind == DatabaseKind.PostgreSql
            ? (new NpgsqlConnectionStringBuilder(url.ConnectionString) { Database = name }.ToString(), $"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            : (new SqlConnectionStringBuilder(url.ConnectionString) { InitialCatalog = name }.ToString(), $"ALTER DATABASE {name} SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE {name}");
        return new($"the database {name} beside {configured.Location}", new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["sqlalchemy_index_database"] = connectionString }, async () =>
        {
            await RunAsync(configured, "drop scratch", drop).ConfigureAwait(false);
            await configured.DisposeAsync().ConfigureAwait(false);
        });
    }

    private static Task RunAsync(IndexDatabase configured, string operation, string statement) => Store.TryAsync(configured, operation, async () =>
    {
        var db = configured.Open();
        await using (db.ConfigureAwait(false))
            await db.Database.ExecuteSqlRawAsync(statement, CancellationToken.None).ConfigureAwait(false);
    }, CancellationToken.None);
}
