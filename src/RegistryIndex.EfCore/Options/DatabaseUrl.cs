using System.Data.Common;
using RegistryIndex.EfCore.PostgreSql;
using RegistryIndex.EfCore.Sqlite;
using RegistryIndex.EfCore.SqlServer;

namespace RegistryIndex.EfCore;

/// <summary>The databases that there are statements for.</summary>
internal enum DatabaseKind
{
    Sqlite,
    PostgreSql,
    SqlServer,
}

/// <summary>Where a database is: an SQLAlchemy URL or a .NET connection string, understood.</summary>
/// <param name="Kind">Which database it is.</param>
/// <param name="ConnectionString">What ADO.NET opens.</param>
internal sealed record DatabaseUrl(DatabaseKind Kind, string ConnectionString)
{
    private const string Forms =
        "write sqlite:////absolute.db, postgresql://user:password@host/database, mssql+pyodbc://user:password@host/database, or a .NET connection string";

    /// <summary>Says in one sentence why the value cannot be used, or null when it can.</summary>
    public static string? FindProblem(string value)
    {
        try
        {
            _ = Parse(value);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    /// <exception cref="FormatException">The value is neither, or names a database that there is no provider for; the message is a sentence without secrets.</exception>
    public static DatabaseUrl Parse(string value)
    {
        try
        {
            return SqlAlchemyUrl.TryParse(value) is { } url ? Parse(url) : ParseConnectionString(value);
        }
        catch (FormatException error)
        {
            throw new FormatException($"sqlalchemy_index_database {error.Message}.", error);
        }
    }

    private static DatabaseUrl Parse(SqlAlchemyUrl url) => url.Dialect switch
    {
        "sqlite" => new(DatabaseKind.Sqlite, SqliteUrl.ToConnectionString(url)),
        "postgresql" or "postgres" => new(DatabaseKind.PostgreSql, PostgreSqlUrl.ToConnectionString(url)),
        "mssql" => new(DatabaseKind.SqlServer, SqlServerUrl.ToConnectionString(url)),
        "mysql" or "mariadb" => throw new FormatException(
            $"names the database '{url.Dialect}', for which there is no EF Core 10 provider: {Forms}; a program of your own can pass its own DbContextOptionsBuilder "
            + $"for one of these in {nameof(EfCoreIndexOptions)}.{nameof(EfCoreIndexOptions.UseDatabase)}, or a provider for yours (docs/writing-a-provider.md)"),
        var other => throw new FormatException($"names the database '{other}', for which there is no provider: {Forms}"),
    };

    // The three have words in common; these are the ones that only one of them knows.
    private static DatabaseUrl ParseConnectionString(string value)
    {
        var words = new DbConnectionStringBuilder();
        try
        {
            words.ConnectionString = value;
        }
        catch (ArgumentException)
        {
            words.Clear(); // the message of the exception may hold a password
        }

        if (words.Count == 0)
            throw new FormatException($"is neither a database URL nor a connection string: {Forms}");
        var kind = HasAny("Host", "Port", "Username")
            ? DatabaseKind.PostgreSql
            : HasAny("Server", "Address", "Addr", "Network Address", "Initial Catalog", "Database", "User Id", "UID", "Integrated Security", "Trusted_Connection", "Authentication")
                ? DatabaseKind.SqlServer
                : HasAny("Data Source", "DataSource", "Filename")
                    ? DatabaseKind.Sqlite
                    : throw new FormatException($"is a connection string that names no server and no file: {Forms}");
        try
        {
            return new(kind, kind switch
            {
                DatabaseKind.PostgreSql => PostgreSqlUrl.Check(value),
                DatabaseKind.SqlServer => SqlServerUrl.Check(value),
                _ => SqliteUrl.Check(value),
            });
        }
        catch (Exception error) when (error is ArgumentException or KeyNotFoundException or InvalidCastException or FormatException or OverflowException)
        {
            throw ConnectionOption.FindUnknown(kind, words) ?? new FormatException(error.Message, error);
        }

        bool HasAny(params ReadOnlySpan<string> names)
        {
            foreach (var name in names)
            {
                if (words.ContainsKey(name))
                    return true;
            }

            return false;
        }
    }
}
