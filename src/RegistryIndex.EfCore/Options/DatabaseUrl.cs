using Microsoft.Data.Sqlite;

namespace RegistryIndex.EfCore;

/// <summary>An SQLAlchemy database URL, understood.</summary>
/// <param name="ConnectionString">What ADO.NET opens.</param>
/// <param name="Location">The same for people, without secrets.</param>
/// <param name="File">The database's file; null in memory.</param>
internal sealed record DatabaseUrl(string ConnectionString, string Location, string? File)
{
    private const string Forms = "write sqlite:///relative.db, sqlite:////absolute.db, or sqlite:// for memory";

    /// <summary>Says in one sentence why the URL cannot be used, or null when it can.</summary>
    public static string? FindProblem(string url)
    {
        try
        {
            _ = Parse(url);
            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    /// <exception cref="FormatException">The URL is none, or names a database that there is no provider for; the message is a sentence.</exception>
    public static DatabaseUrl Parse(string url)
    {
        var (scheme, rest) = url.Split("://", 2) is [var before, var after]
            ? (before, after)
            : throw new FormatException($"sqlalchemy_index_database '{Redacted(url)}' is no database URL; {Forms}.");
        return scheme.Split('+')[0].ToLowerInvariant() switch
        {
            "sqlite" => Sqlite(url, rest),
            var dialect => throw new FormatException(
                $"sqlalchemy_index_database names the database '{dialect}', for which there is no provider yet; {Forms}."),
        };
    }

    private static DatabaseUrl Sqlite(string url, string rest)
    {
        if (rest.Contains('?', StringComparison.Ordinal))
            throw new FormatException($"sqlalchemy_index_database '{url}' has options after '?', which are not understood for SQLite; leave them out.");
        if (rest is "" or "/" or "/:memory:")
        {
            // A named in-memory database of SQLite's memdb VFS: all connections of the process share it, with real locking.
            var memory = $"file:/registry-index-{Guid.NewGuid():n}?vfs=memdb";
            return new(Open(memory), "memory", File: null);
        }

        if (rest[0] != '/')
            throw new FormatException($"sqlalchemy_index_database '{url}' has a host, which SQLite has not; {Forms}.");
        var file = Path.GetFullPath(rest[1..]);
        return new(Open(file), file, file);
    }

    private static string Open(string dataSource) => new SqliteConnectionStringBuilder
    {
        DataSource = dataSource,
        Mode = SqliteOpenMode.ReadWriteCreate,
        DefaultTimeout = 30,
    }.ToString();

    // Whatever stands before an @ may be a password.
    private static string Redacted(string url) =>
        url.LastIndexOf('@') is var at and >= 0 ? "…" + url[at..] : url;
}
