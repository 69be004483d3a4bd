using System.Data.Common;
using Npgsql;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.PostgreSql;

/// <summary>Maps PostgreSQL's errors to failures of the index.</summary>
internal static class PostgreSqlFailures
{
    public static Failure Explain(DbException error) => error is PostgresException answer ? Explain(answer) : ExplainConnection(error);

    /// <summary>Whether the columns of a table have changed since a session planned the statement.</summary>
    public static bool IsOldPlan(DbException error) => error is PostgresException { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" };

    private static Failure Explain(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.UndefinedTable => new($"the database has no index yet; initialize it first ({error.MessageText}).", MayRetry: false),
        PostgresErrorCodes.ReadOnlySqlTransaction => new($"the database is read-only; name the primary server, or allow writing ({error.MessageText}).", MayRetry: false),
        PostgresErrorCodes.DiskFull => new($"the server's disk is full; make room, nothing was half-written ({error.MessageText}).", MayRetry: false),
        PostgresErrorCodes.InsufficientPrivilege => new($"the user lacks a right in the database: {error.MessageText}; grant it.", MayRetry: false),
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            new($"the server refuses the user or the password ({error.MessageText}).", MayRetry: false),
        PostgresErrorCodes.InvalidCatalogName => new($"the database does not exist; create it ({error.MessageText}).", MayRetry: false),
        PostgresErrorCodes.TooManyConnections => new($"the server has too many connections; try again ({error.MessageText}).", MayRetry: true),
        // The server is stopping, has crashed or is starting. Its sessions are lost, and new sessions will be possible soon.
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or "57P05" =>
            new($"the server ended the connection; try again ({error.MessageText}).", MayRetry: true, IsPassing: true),
        _ when IsOldPlan(error) => new($"the columns of a table were changed; try again ({error.MessageText}).", MayRetry: true, IsPassing: true),
        PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.DuplicatePreparedStatement =>
            new($"a pooler in front of the server changes sessions between statements; try again ({error.MessageText}).", MayRetry: true, IsPassing: true),
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected =>
            new($"the statement conflicted with another transaction; try again ({error.MessageText}).", MayRetry: true, IsPassing: true),
        PostgresErrorCodes.QueryCanceled => new($"the server cancelled the statement; try again ({error.MessageText}).", MayRetry: true),
        _ => new(error.MessageText + (error.Detail is { Length: > 0 } detail ? $" ({detail})" : ""), error.IsTransient),
    };

    private static Failure ExplainConnection(DbException error)
    {
        if (error.InnerException is TimeoutException)
            return new($"the server did not answer in time; try again ({error.Message}).", MayRetry: true);
        if (!error.IsTransient && error.InnerException is not IOException)
            return new(error.Message, MayRetry: false);
        return new($"the server cannot be reached, or the connection to it was lost; try again ({error.Message}).", MayRetry: true, IsPassing: true);
    }
}
