using Microsoft.Data.Sqlite;
using RegistryIndex.EfCore.Engines;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>Translates <c>sqlite://</c> URLs for ADO.NET.</summary>
internal static class SqliteUrl
{
    private const string Forms = "write sqlite:///relative.db, sqlite:////absolute.db, or sqlite:// for memory";

    /// <exception cref="FormatException">The URL is not valid; the message is the end of a sentence.</exception>
    public static string ToConnectionString(SqlAlchemyUrl url)
    {
        var rest = url.Rest;
        if (rest.Contains('?', StringComparison.Ordinal))
            throw new FormatException($"'sqlite://{rest}' has options after '?', which SQLite URLs do not support; remove them");
        // A named in-memory database of SQLite's memdb VFS. All connections of the process share it, with real locking.
        if (rest is "" or "/" or "/:memory:")
            return Open($"file:/registry-index-{Guid.NewGuid():n}?vfs=memdb");
        if (rest[0] != '/')
            throw new FormatException($"has a host after sqlite://, but SQLite has no hosts: {Forms}");
        return Open(Path.GetFullPath(Expanded(rest[1..])));
    }

    /// <summary>Completes a user's connection string if it can be used.</summary>
    public static string Check(string connectionString) => Expanded(new SqliteConnectionStringBuilder(connectionString).DataSource) is "" or ":memory:"
        ? ToConnectionString(new("sqlite", "", ""))
        : connectionString;

    // A shell would have replaced '~' with the home directory. Here it would be a directory of that name below the working directory.
    private static string Expanded(string file) => file is "~" || file.StartsWith("~/", StringComparison.Ordinal)
        ? throw new FormatException($"names the file '{file}', and '~' is not expanded: write the whole path, such as sqlite:////home/me/index.db")
        : file;

    private static string Open(string dataSource) => new SqliteConnectionStringBuilder
    {
        DataSource = dataSource,
        Mode = SqliteOpenMode.ReadWriteCreate,
        DefaultTimeout = 30,
    }.ToString();
}
