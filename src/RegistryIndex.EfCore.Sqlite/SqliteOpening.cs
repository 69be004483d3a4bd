using Microsoft.Data.Sqlite;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Sqlite.Files;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>A database file as it was opened, to tell whether it is still there.</summary>
/// <param name="ConnectionString">What connections to it are opened with.</param>
/// <param name="Path">Where it is; not a link to it.</param>
/// <param name="File">What it was then.</param>
internal sealed record SqliteOpening(string ConnectionString, string Path, FileStatus File)
{
    /// <summary>A connection that keeps the files beside it in being, where it is open to be written.</summary>
    public SqliteConnection? Kept { get; init; }

    /// <summary>The connections to read it with.</summary>
    public ReadConnections Connections { get; init; } = new(Environment.ProcessorCount);

    /// <summary>Whether it was opened as one that nobody changes.</summary>
    public bool IsUnchanging { get; init; }

    /// <summary>Whether it was found to be gone.</summary>
    public bool IsLost { get; init; }

    private (FileStatus? Log, FileStatus? Memory) Beside { get; init; }

    /// <summary>Whether the file is the one that a path leads to now. What the system does not tell is taken for unchanged.</summary>
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

    /// <summary>Takes note of the files beside it, once it is in the mode that it is kept in.</summary>
    public async Task<SqliteOpening> SettleAsync(CancellationToken cancellationToken)
    {
        using var firstReading = Kept!.CreateCommand(); // which opens them
        firstReading.CommandText = "SELECT count(*) FROM sqlite_schema";
        await firstReading.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
        return this with { Beside = (FileStatus.Read(Path + SqliteFiles.Log), FileStatus.Read(Path + SqliteFiles.Memory)) };
    }

    /// <summary>Writes what the log holds into the file, wherever that is now.</summary>
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
            // Of a file that was damaged or deleted there may be nothing to save.
        }
    }

    /// <summary>Removes its log, if that is still there: SQLite would take it for the log of the next file of this name, and spoil that.</summary>
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
