using System.Data.Common;
using Npgsql;

namespace RegistryIndex.EfCore.PostgreSql;

/// <summary>A schema of its own in the configured database, which takes no more rights than an index does.</summary>
internal static class PostgreSqlScratch
{
    // An index that is initialized while the extension is in the scratch schema would lose its own indexes with it.
    private const string KeepExtension = """
        DO $$ BEGIN
            IF EXISTS (SELECT 1 FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm' AND nspname = '{0}') THEN
                EXECUTE format('ALTER EXTENSION pg_trgm SET SCHEMA %I', current_schema());
            END IF;
        END $$
        """;

    public static async Task<ScratchPlace> CreateAsync(string connectionString, string name, CancellationToken cancellationToken)
    {
        await ExecuteAsync("create scratch", connectionString, [$"CREATE SCHEMA {name}"], cancellationToken).ConfigureAwait(false);
        var there = new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = name };
        return new(
            $"postgresql://{there.Host}:{there.Port}/{there.Database}, schema {name}",
            new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["sqlalchemy_index_database"] = there.ToString() },
            () => ExecuteAsync("drop scratch", connectionString, [KeepExtension.Replace("{0}", name, StringComparison.Ordinal), $"DROP SCHEMA {name} CASCADE"], CancellationToken.None));
    }

    private static async Task ExecuteAsync(string operation, string connectionString, IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        try
        {
            var connection = new NpgsqlConnection(connectionString);
            await using (connection.ConfigureAwait(false))
            {
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                foreach (var statement in statements)
                {
                    var command = new NpgsqlCommand(statement, connection);
                    await using (command.ConfigureAwait(false))
                        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (DbException error)
        {
            var failure = PostgreSqlFailures.Explain(error);
            throw new RegistryIndexException(EfCoreBackend.Name, operation, failure.Problem, failure.MayRetry, error);
        }
    }
}
