using System.Data.Common;
using Microsoft.Data.SqlClient;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.SqlServer;

/// <summary>Maps SQL Server's errors to failures of the index.</summary>
internal static class SqlServerFailures
{
    public static Failure Explain(DbException error) => error is SqlException answer ? Explain(answer) : new(error.Message, error.IsTransient);

    private static Failure Explain(SqlException error) => error.Number switch
    {
        208 => new($"the database has no index yet; initialize it first ({error.Message}).", MayRetry: false),
        3906 or 3908 => new($"the database is read-only; name the primary replica, or allow writing ({error.Message}).", MayRetry: false),
        1101 or 1105 or 9002 => new($"the database or its log is full; make room, nothing was half-written ({error.Message}).", MayRetry: false),
        229 or 230 or 262 or 297 or 300 or 2760 => new($"the user lacks a right in the database: {error.Message} Grant it.", MayRetry: false),
        18456 => new($"the server refuses the user or the password ({error.Message}).", MayRetry: false),
        4060 => new($"the database does not exist, or the user may not open it ({error.Message}).", MayRetry: false),
        1205 => new($"the statement conflicted with another transaction; try again ({error.Message}).", MayRetry: true, IsPassing: true),
        1222 or 51222 => new($"another process held the index's write lock for too long; try again ({error.Message}).", MayRetry: true),
        -2 => new($"the server did not answer in time; try again ({error.Message}).", MayRetry: true),
        // Network errors, and the driver's errors for a lost connection.
        -1 or 2 or 20 or 53 or 64 or 121 or 233 or 258 or 997 or 1236 or 6005 or 10053 or 10054 or 10060 or 10061 or 11001 =>
            new($"the server cannot be reached, or the connection to it was lost; try again ({error.Message}).", MayRetry: true, IsPassing: true),
        // Azure SQL moves, throttles or wakes the database.
        4221 or 10922 or 10928 or 10929 or 40143 or 40197 or 40501 or 40540 or 40613 or 42108 or 42109 or 49918 or 49919 or 49920 =>
            new($"the service is busy or moves the database; try again ({error.Message}).", MayRetry: true),
        // From severity 20 on, the connection is lost, or there never was one.
        _ when error.Class >= 20 => new($"the server cannot be reached, or the connection to it was lost; try again ({error.Message}).", MayRetry: true, IsPassing: true),
        _ => new(error.Message, error.IsTransient),
    };
}
