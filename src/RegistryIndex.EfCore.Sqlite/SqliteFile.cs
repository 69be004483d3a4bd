using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using RegistryIndex.EfCore.Engines;
using RegistryIndex.EfCore.Sqlite.Files;

namespace RegistryIndex.EfCore.Sqlite;

/// <summary>
/// The file of a database, opened for writing or only for reading. While it is open, it may be deleted or replaced by another file. Its
/// connections would then continue with a file that no other process can see. So each operation checks the file before and after.
/// </summary>
/// <remarks>
/// Opening a file only for reading creates no files, including those that SQLite keeps beside a database in WAL mode. If these files do not
/// exist, no process uses the database. It is then opened as immutable, for as long as no process changes it.
/// </remarks>
internal sealed partial class SqliteFile(string path, bool isPrivate, string connectionString, ILogger logger) : IAsyncDisposable
{
    private readonly DatabasePlace _place = new(path, isPrivate, logger);
    private readonly SqliteConnectionStringBuilder _settings = new(connectionString);
    private readonly SemaphoreSlim _turn = new(1);
    private volatile SqliteOpening? _opening;
    private bool _isGoneSaid;

    /// <summary>The path of the file.</summary>
    public string Path => path;

    /// <summary>The connections for reading.</summary>
    public ReadConnections Connections => _opening?.Connections ?? ReadConnections.None;

    /// <summary>The connection string for new connections, which never creates a file.</summary>
    public string ConnectionString => _opening?.ConnectionString ?? ToWrite;

    private string ToWrite => With(path, _settings.Mode == SqliteOpenMode.ReadWriteCreate ? SqliteOpenMode.ReadWrite : _settings.Mode);

    private string ToRead => With(path, SqliteOpenMode.ReadOnly);

    // The path is escaped, because '?', '#' and '%' have a meaning in a URI.
    private string ToReadUnchanging => With($"file:{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1", SqliteOpenMode.ReadOnly);

    /// <summary>Opens the file for writing, and creates it if it does not exist.</summary>
    public Task OpenToWriteAsync(CancellationToken cancellationToken) => InTurnAsync(async () =>
    {
        if (_opening is { Kept: not null } opening && opening.IsStillAt(path))
            return opening;
        await LeaveAsync().ConfigureAwait(false);
        Look();
        if (_settings.Mode == SqliteOpenMode.ReadWriteCreate)
            _place.Ensure();
        else
            _place.Check("initialize");
        return Use(await KeepAsync(cancellationToken).ConfigureAwait(false));
    }, cancellationToken);

    /// <summary>Notes the files beside the database after its journal mode was set.</summary>
    public Task SettleAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () => _opening is { Kept: not null } opening ? Use(await opening.SettleAsync(cancellationToken).ConfigureAwait(false)) : _opening, cancellationToken);

    /// <summary>Opens the file only for reading.</summary>
    /// <returns>Whether the file exists.</returns>
    public bool TryOpenToRead()
    {
        _place.Check("open");
        if (Look() is not { } file)
            return false;
        Use(OpenToRead(file));
        return true;
    }

    /// <summary>Ensures that the open file is the one at the path, and opens that one if it is not.</summary>
    /// <param name="validate">Checks another file before it is used; throws if that file cannot be used.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The open file; null if no file has been opened yet.</returns>
    /// <exception cref="RegistryIndexException">The file does not exist any more, or cannot be used.</exception>
    public ValueTask<SqliteOpening?> CheckAsync(Func<CancellationToken, Task> validate, CancellationToken cancellationToken) =>
        _opening is not { } opening || opening.IsStillAt(path) ? new(_opening) : new(InTurnAsync(() => OpenAgainAsync(validate, cancellationToken), cancellationToken));

    /// <summary>Whether the file is still the one that <see cref="CheckAsync"/> found.</summary>
    public bool IsStill(SqliteOpening? opening) => opening is null || opening.IsStillAt(path);

    public async ValueTask DisposeAsync()
    {
        _opening?.Connections.Dispose();
        if (_opening?.Kept is { } kept)
            await kept.DisposeAsync().ConfigureAwait(false);
        ClearPools();
    }

    private async Task<SqliteOpening?> OpenAgainAsync(Func<CancellationToken, Task> validate, CancellationToken cancellationToken)
    {
        var opening = _opening!;
        if (opening.IsStillAt(path))
            return opening; // another caller opened it first
        if (opening is { Kept: null, IsLost: false })
            return Look() is { } same && same.Identity == opening.File.Identity ? Use(OpenToRead(same)) : throw Problem("was deleted or replaced while it was read; start again.");
        await LeaveAsync().ConfigureAwait(false);
        if (Look() is null)
            throw Gone();
        return Use(await TakeOverAsync(validate, cancellationToken).ConfigureAwait(false));
    }

    private SqliteOpening Use(SqliteOpening opening)
    {
        var former = _opening;
        _opening = opening;
        if (former is not null && former.Connections != opening.Connections)
            former.Connections.Dispose();
        return opening;
    }

    private async Task<SqliteOpening> TakeOverAsync(Func<CancellationToken, Task> validate, CancellationToken cancellationToken)
    {
        var opening = await KeepAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _place.Check("open");
            await validate(cancellationToken).ConfigureAwait(false);
            opening = await opening.SettleAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await opening.Kept!.DisposeAsync().ConfigureAwait(false);
            ClearPools();
            throw;
        }

        LogExchanged(logger, path);
        _isGoneSaid = false;
        return opening;
    }

    // Another file may replace this one at any moment. The connection must be to the file whose state was read.
    private async Task<SqliteOpening> KeepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var before = Look();
            var kept = new SqliteConnection(new SqliteConnectionStringBuilder(ToWrite) { Pooling = false }.ToString());
            var isKept = false;
            try
            {
                await kept.OpenAsync(cancellationToken).ConfigureAwait(false);
                isKept = before is not null && Look()?.Identity == before.Value.Identity;
                if (isKept)
                    return new(ToWrite, RealPath(), before!.Value) { Kept = kept };
            }
            finally
            {
                if (!isKept)
                    await kept.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task LeaveAsync()
    {
        if (_opening is not { Kept: { } kept } opening)
            return;
        Use(opening with { IsLost = true, Kept = null, Connections = ReadConnections.None });
        opening.EmptyLog();
        await kept.DisposeAsync().ConfigureAwait(false);
        ClearPools();
        opening.RemoveLog();
        ClearPools(); // closes connections that were opened in the meantime: they would have the next file with the log of this one
    }

    private SqliteOpening OpenToRead(FileStatus file)
    {
        var real = RealPath();
        return IsUnused(real) ? new(ToReadUnchanging, real, file) { IsUnchanging = true } : new(ToRead, real, file);
    }

    // The header says that the file is in WAL mode (https://sqlite.org/fileformat2.html), but the files of a database in use do not exist.
    private static bool IsUnused(string file)
    {
        try
        {
            if (FileStatus.Read(file + SqliteFiles.Memory) is not null || FileStatus.Read(file + SqliteFiles.Log) is { Size: > 0 })
                return false;
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> header = stackalloc byte[20];
            return stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && header[19] == 2;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // SQLite reports the problem
        }
    }

    private FileStatus? Look()
    {
        try
        {
            var found = FileStatus.Read(path, followLink: true);
            return found is not { IsRegularFile: false } ? found : throw Problem("is not a file; name an existing file, or one to be created.", mayRetry: false);
        }
        catch (IOException error)
        {
            throw new RegistryIndexException(EfCoreIndexOptions.ProviderName, "open", $"the database cannot be examined ({error.Message}); give this user access to its directory, or name another database.", mayRetry: false, error);
        }
    }

    // SQLite puts the files beside the database itself, not beside a link to it.
    private string RealPath() => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    private string With(string source, SqliteOpenMode mode) => new SqliteConnectionStringBuilder(_settings.ConnectionString) { DataSource = source, Mode = mode }.ToString();

    private async Task<SqliteOpening?> InTurnAsync(Func<Task<SqliteOpening?>> action, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await action().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void ClearPools()
    {
        foreach (var used in (string[])[ToWrite, ToRead, ToReadUnchanging])
        {
            using var pool = new SqliteConnection(used);
            SqliteConnection.ClearPool(pool);
        }
    }

    private RegistryIndexException Gone()
    {
        if (!_isGoneSaid)
            LogGone(logger, path);
        _isGoneSaid = true;
        return Problem("was deleted or moved away; put it back, or start again, which creates a new one.");
    }

    private RegistryIndexException Problem(string problem, bool mayRetry = true) => new(EfCoreIndexOptions.ProviderName, "open", $"the database {path} {problem}", mayRetry);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database {File} was deleted or moved away: every read and write fails until it is back. Put it back, or start again, which creates a new one")]
    private static partial void LogGone(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Another file has replaced the database {File}, and is used from now on")]
    private static partial void LogExchanged(ILogger logger, string file);
}
