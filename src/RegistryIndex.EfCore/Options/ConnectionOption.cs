using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace RegistryIndex.EfCore;

/// <summary>Options of connections, in the words of those who wrote them: what the drivers say names their own API, or the value, which may be a secret.</summary>
internal static class ConnectionOption
{
    /// <summary>Sets an option.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="name">What the driver calls it.</param>
    /// <param name="value">Its value.</param>
    /// <param name="written">What it was written as.</param>
    /// <exception cref="FormatException">The driver does not know it or its value; the message is the end of a sentence.</exception>
    public static void Set(DbConnectionStringBuilder connection, string name, string? value, string written)
    {
        try
        {
            connection[name] = value!;
        }
        catch (Exception error) when (error is ArgumentException or KeyNotFoundException or FormatException or InvalidCastException or OverflowException)
        {
            var (database, driver) = connection switch
            {
                NpgsqlConnectionStringBuilder => ("PostgreSQL", "Npgsql"),
                SqlConnectionStringBuilder => ("SQL Server", "SqlClient"),
                _ => ("SQLite", "its driver"),
            };
            throw new FormatException($"has the option '{written}' for {database}, which, or whose value, {driver} does not know; leave it out", error);
        }
    }

    /// <summary>The first option of a connection string that its driver does not take; null where each by itself is right.</summary>
    public static FormatException? FindUnknown(DatabaseKind kind, DbConnectionStringBuilder words)
    {
        DbConnectionStringBuilder connection = kind switch
        {
            DatabaseKind.PostgreSql => new NpgsqlConnectionStringBuilder(),
            DatabaseKind.SqlServer => new SqlConnectionStringBuilder(),
            _ => new SqliteConnectionStringBuilder(),
        };
        foreach (string name in words.Keys)
        {
            try
            {
                Set(connection, name, words[name].ToString(), name);
            }
            catch (FormatException error)
            {
                return error;
            }
        }

        return null;
    }
}
