using Microsoft.Data.Sqlite;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Sqlite.Files;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>An opened database file, and its state at that time, which shows whether the same file is still there.</summary>
/// <param name="ConnectionString">The connection string for connections to it.</param>
/// <param name="Path">Its path, with links resolved.</param>
/// <param name="File">Its state when it was opened.</param>
internal sealed record SqliteOpening(string ConnectionString, string Path, FileStatus File)
{
    /// <summary>A connection that keeps the files beside the database in existence, if it is open for writing.</summary>
    public SqliteConnection? Kept { get; init; }

    /// <summary>The connections for reading.</summary>
    public ReadConnections Connections { get; init; } = new(Environment.ProcessorCount);

    /// <summary>Whether it was opened as immutable.</summary>
    public bool IsUnchanging { get; init; }

    /// <summary>Whether the file is known to be gone.</summary>
    public bool IsLost { get; init; }

    private (FileStatus? Log, FileStatus? Memory) Beside { get; init; }

    /// <summary>Whether a path still leads to this file. If the system cannot tell, the file is assumed to be unchanged.</summary>
    public bool IsStillAt(string path)
    {
        if (IsLost)
            return false;
        try
        {
            return FileStatus.Read(path, followLink: true) is { } now && now.Identity == File.Identity
                && (!IsUnchanging || (now == File && FileStatus.Read(Path + SqliteFiles.Log) is null or { Size: 0 }));
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Notes the files beside the database after its journal mode was set.</summary>
    public async Task<SqliteOpening> SettleAsync(CancellationToken cancellationToken)
    {
        using var firstReading = Kept!.CreateCommand(); // which opens those files
        firstReading.CommandText = "SELECT count(*) FROM sqlite_schema";
        await firstReading.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        return this with { Beside = (FileStatus.Read(Path + SqliteFiles.Log), FileStatus.Read(Path + SqliteFiles.Memory)) };
    }

    /// <summary>Writes the contents of the log to the file, wherever the file is now.</summary>
    public void EmptyLog()
    {
        try
        {
            using var command = Kept!.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout = 1000; PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // A damaged or deleted file may have nothing to save.
        }
    }

    /// <summary>Removes the log if it still exists. Otherwise SQLite would apply it to the next file of this name and damage that file.</summary>
    public void RemoveLog()
    {
        Remove(SqliteFiles.Log, Beside.Log);
        Remove(SqliteFiles.Memory, Beside.Memory);

        void Remove(string companion, FileStatus? noted)
        {
            if (noted is { } own && own.Identity != default && FileStatus.Read(Path + companion)?.Identity == own.Identity)
                System.IO.File.Delete(Path + companion);
        }
    }
}
