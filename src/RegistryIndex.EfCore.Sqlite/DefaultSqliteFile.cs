using RegistryIndex.EfCore.Sqlite.Files;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>Finds the default database.</summary>
public static class DefaultSqliteFile
{
    /// <summary>
    /// The default file of earlier versions of the server and of docker-registry's sample configuration, in a directory that all users share.
    /// </summary>
    public const string OldFile = "/tmp/docker-registry.db";

    /// <summary>
    /// Returns the URL of a SQLite file that only this user can change: <c>index.db</c> in systemd's
    /// <c>STATE_DIRECTORY</c>, else in <c>registry-index</c> below <c>XDG_STATE_HOME</c> or <c>~/.local/state</c> (on
    /// Windows and macOS, below the user's local application data).
    /// </summary>
    /// <param name="environment">Reads an environment variable. The default reads those of this process.</param>
    /// <param name="oldFile">
    /// The default file of earlier versions, such as <see cref="OldFile"/>. It is used as long as the new file does not exist, if this user owns
    /// it and no other user can replace it. Null to ignore such a file.
    /// </param>
    /// <returns>The URL; null if the user has no home directory.</returns>
    public static string? FindUrl(Func<string, string?>? environment = null, string? oldFile = null) => DefaultDatabase.Find(environment, oldFile).Url;
}
