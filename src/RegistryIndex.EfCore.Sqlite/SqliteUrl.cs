using Microsoft.Data.Sqlite;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>What <c>sqlite://</c> means to ADO.NET.</summary>
internal static class SqliteUrl
{
    private const string Forms = "write sqlite:///relative.db, sqlite:////absolute.db, or sqlite:// for memory";

    /// <exception cref="FormatException">It cannot be understood; the message is the end of a sentence.</exception>
    public static string ToConnectionString(SqlAlchemyUrl url)
    {
        var rest = url.Rest;
        if (rest.Contains('?', StringComparison.Ordinal))
            throw new FormatException($"'sqlite://{rest}' has options after '?', which are not understood for SQLite; leave them out");
        // A named in-memory database of SQLite's memdb VFS: all connections of the process share it, with real locking.
        if (rest is "" or "/" or "/:memory:")
            return Open($"file:/registry-index-{Guid.NewGuid():n}?vfs=memdb");
        if (rest[0] != '/')
            throw new FormatException($"has a host after sqlite://, which SQLite has not: {Forms}");
        return Open(Path.GetFullPath(Expanded(rest[1..])));
    }

    /// <summary>A connection string as a user wrote it, if it can be used.</summary>
    public static string Check(string connectionString) => Expanded(new SqliteConnectionStringBuilder(connectionString).DataSource) is "" or ":memory:"
        ? ToConnectionString(new("sqlite", "", ""))
        : connectionString;

    // A shell would have put the home directory there; here it would be a directory of that name below the working directory.
    private static string Expanded(string file) => file is "~" || file.StartsWith("~/", StringComparison.Ordinal)
        ? throw new FormatException($"names the file '{file}', and only a shell knows what '~' is: write the whole path, such as sqlite:////home/me/index.db")
        : file;

    private static string Open(string dataSource) => new SqliteConnectionStringBuilder
    {
        DataSource = dataSource,
        Mode = SqliteOpenMode.ReadWriteCreate,
        DefaultTimeout = 30,
    }.ToString();
}
