using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace RegistryIndex.EfCore.SqlServer;

/// <summary>A database of its own beside the configured one: a schema cannot be chosen by a connection string.</summary>
internal static class SqlServerScratch
{
    public static string Create(string name) => $"CREATE DATABASE [{name}]";

    public static string Drop(string name) => $"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{name}];";

    public static async Task<ScratchPlace> CreateAsync(string connectionString, string name, CancellationToken cancellationToken)
    {
        await ExecuteAsync("create scratch", connectionString, Create(name), cancellationToken).ConfigureAwait(false);
        var there = new SqlConnectionStringBuilder(connectionString) { InitialCatalog = name };
        return new(
            $"mssql://{there.DataSource}/{name}",
            new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { ["sqlalchemy_index_database"] = there.ToString() },
            () => ExecuteAsync("drop scratch", connectionString, Drop(name), CancellationToken.None));
    }

    private static async Task ExecuteAsync(string operation, string connectionString, string statement, CancellationToken cancellationToken)
    {
        try
        {
            var connection = new SqlConnection(connectionString);
            await using (connection.ConfigureAwait(false))
            {
                await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
                var command = new SqlCommand(statement, connection);
                await using (command.ConfigureAwait(false))
                    await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (DbException error)
        {
            var failure = SqlServerFailures.Explain(error);
            throw new RegistryIndexException(EfCoreBackend.Name, operation, failure.Problem, failure.MayRetry, error);
        }
    }
}
