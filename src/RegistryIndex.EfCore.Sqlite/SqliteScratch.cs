using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.EfCore.Sqlite.Files;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>Creates a scratch database file beside the configured one: on the same file system, with the same permissions.</summary>
internal static class SqliteScratch
{
    private const string Key = "sqlalchemy_index_database";

    public static ScratchPlace Create(string connectionString, string name)
    {
        if (SqliteDatabase.FileOf(connectionString) is not { } configured)
        {
            return new("memory", Setting("sqlite://"), () => Task.CompletedTask)
            {
                WhyNotShared = "An index in memory is visible only to its own process; name a file (--database sqlite:////absolute.db) to test several processes.",
            };
        }

        var file = Path.Combine(Path.GetDirectoryName(configured)!, name + ".db");
        var made = new DatabasePlace(file, isPrivate: false, NullLogger.Instance).EnsureDirectory();
        try
        {
            using (new FileStream(file, FileMode.CreateNew))
            {
                // SQLite takes an empty file for a database without tables. The process that created the file may drop it.
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RegistryIndexException(EfCoreIndexOptions.ProviderName, "create scratch", File.Exists(file)
                ? $"the file {file} already exists and may contain data, so it is not changed; move it away."
                : $"no database can be created beside {configured} ({error.Message}).", mayRetry: false, error);
        }

        return new(file, Setting("sqlite:///" + file), () => Drop(file, made));
    }

    private static Dictionary<string, string?> Setting(string url) => new(StringComparer.OrdinalIgnoreCase) { [Key] = url };

    private static Task Drop(string file, IEnumerable<string> directories)
    {
        foreach (var one in SqliteFiles.Of(file))
            File.Delete(one);
        foreach (var one in directories.Reverse())
        {
            if (!Directory.Exists(one) || Directory.EnumerateFileSystemEntries(one).Any())
                break; // another process uses it by now
            Directory.Delete(one);
        }

        return Task.CompletedTask;
    }
}
