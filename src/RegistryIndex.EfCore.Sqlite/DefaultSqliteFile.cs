using RegistryIndex.EfCore.Sqlite.Files;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>The database where none is named.</summary>
public static class DefaultSqliteFile
{
    /// <summary>Where earlier versions of the server, and docker-registry's sample configuration, had it: in a directory that every user shares.</summary>
    public const string OldFile = "/tmp/docker-registry.db";

    /// <summary>
    /// A SQLite file that is its user's alone, <c>index.db</c> in systemd's <c>STATE_DIRECTORY</c>, else in
    /// <c>registry-index</c> below <c>XDG_STATE_HOME</c> or <c>~/.local/state</c> (on Windows and macOS below the user's local
    /// application data).
    /// </summary>
    /// <param name="environment">Reads an environment variable; those of this process unless told otherwise.</param>
    /// <param name="oldFile">
    /// Where earlier versions made theirs, such as <see cref="OldFile"/>: as long as the other is not there this one is it, if it belongs to
    /// this user and nobody else can exchange it. Null where that does not count.
    /// </param>
    /// <returns>Its URL; null where the user has no home directory.</returns>
    public static string? FindUrl(Func<string, string?>? environment = null, string? oldFile = null) => DefaultDatabase.Find(environment, oldFile).Url;
}
