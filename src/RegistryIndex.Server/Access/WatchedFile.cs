namespace RegistryIndex.Server.Access;

/// <summary>
/// What a file says, read again when it changes, so that users, secrets and certificates change without a restart. While a changed file
/// cannot be read or understood, what it said before holds, and the log says so. Thread-safe.
/// </summary>
internal sealed partial class WatchedFile<T>
    where T : class
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly Func<T> _read;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private T _value;
    private (DateTime Written, long Length) _version;
    private long _looked;

    /// <param name="file">The file whose change is looked for.</param>
    /// <param name="read">Reads it; throws a <see cref="Configuration.ConfigurationMistakeException"/> where it is not what it should be.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of changes.</param>
    public WatchedFile(string file, Func<T> read, TimeProvider time, ILogger logger)
    {
        (_file, _read, _time, _logger) = (Path.GetFullPath(file), read, time, logger);
        (_version, _looked) = (Version(), time.GetTimestamp());
        _value = Read();
    }

    public T Value
    {
        get
        {
            lock (_gate)
            {
                if (_time.GetElapsedTime(_looked) >= LookEvery)
                    Look();
                return _value;
            }
        }
    }

    private void Look()
    {
        _looked = _time.GetTimestamp();
        var version = Version();
        if (version == _version)
            return;
        _version = version;
        try
        {
            _value = Read();
            LogChanged(_logger, _file);
        }
        catch (Configuration.ConfigurationMistakeException error)
        {
            LogMistake(_logger, error.Message);
        }
    }

    private T Read()
    {
        try
        {
            return _read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new Configuration.ConfigurationMistakeException($"'{_file}' cannot be read ({error.Message.TrimEnd('.')}): let the server's user read it.", error);
        }
    }

    private (DateTime Written, long Length) Version()
    {
        var file = new FileInfo(_file);
        return file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} has changed and was read again")]
    private static partial void LogChanged(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Error, Message = "What a changed file said before still holds: {Problem}")]
    private static partial void LogMistake(ILogger logger, string problem);
}
