using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RegistryIndex.Sources;

namespace RegistryIndex.Files;

/// <summary>
/// The combined value of files that settings name. They are read again when they change, so that users, secrets and certificates can change
/// without a restart. The files are read every second and compared by content, so that swapped links, renamed files and files with an older
/// time are noticed as well. A change takes effect when two consecutive readings are equal, because a reading may see a file that is being
/// written. While files cannot be read, or do not belong together, the previous value stays in effect, and the log says so once.
/// Thread-safe.
/// </summary>
internal sealed partial class WatchedFiles<T> : IDisposable
    where T : class
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const int MaxSize = 16 << 20;
    private readonly IReadOnlyList<string> _files;
    private readonly Func<IReadOnlyList<byte[]>, T> _parse;
    private readonly ILogger _logger;
    private readonly PeriodicTimer _timer;
    private volatile T _value;
    private string _seen;
    private string _settled;

    /// <param name="files">The files.</param>
    /// <param name="parse">Creates the value from the contents. Throws an <see cref="UnusableFileException"/> if the contents are invalid.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Logs changes and problems.</param>
    /// <exception cref="UnusableFileException">The contents are invalid, or a file cannot be read.</exception>
    public WatchedFiles(IEnumerable<string> files, Func<IReadOnlyList<byte[]>, T> parse, TimeProvider time, ILogger logger)
    {
        (_files, _parse, _logger) = ([.. files.Select(Path.GetFullPath)], parse, logger);
        var reading = Read();
        _value = Parse(reading);
        (_seen, _settled) = (reading.Fingerprint, reading.Fingerprint);
        _timer = new(Interval, time);
        if (_files.Count > 0)
            _ = WatchAsync();
    }

    /// <summary>The current value, or the last valid one if the files cannot be used.</summary>
    public T Value => _value;

    public void Dispose() => _timer.Dispose();

    /// <summary>Reads the files. If two consecutive readings are equal, their value takes effect.</summary>
    internal void Look()
    {
        var reading = Read();
        var isTheSame = reading.Fingerprint == _seen;
        _seen = reading.Fingerprint;
        if (!isTheSame || reading.Fingerprint == _settled)
            return;
        _settled = reading.Fingerprint;
        try
        {
            _value = Parse(reading);
            LogChanged(_logger, string.Join(" and ", _files));
        }
        catch (Exception error)
        {
            LogProblem(_logger, error.Message, string.Join(" and ", _files));
        }
    }

    private async Task WatchAsync()
    {
        while (await _timer.WaitForNextTickAsync())
            Look();
    }

    private T Parse(Reading reading) => reading.Problem is null ? _parse(reading.Contents) : throw reading.Problem;

    private Reading Read()
    {
        var contents = new List<byte[]>(_files.Count);
        foreach (var file in _files)
        {
            try
            {
                contents.Add(Read(file));
            }
            catch (Exception error)
            {
                var problem = new UnusableFileException($"'{file}' cannot be read ({error.Message.TrimEnd('.')}): check that it exists and that the server's user may read it.", error);
                return new(problem.Message, [], problem);
            }
        }

        return new(string.Concat(contents.Select(content => Convert.ToHexStringLower(SHA256.HashData(content)))), contents, null);
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(PlainFile.Open(file), FileAccess.Read, bufferSize: 0);
        using var content = new MemoryStream();
        var buffer = new byte[16 << 10];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            if (content.Length + read > MaxSize)
                throw new IOException($"it is larger than {MaxSize >> 20} MiB");
            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Files} changed and was read again")]
    private static partial void LogChanged(ILogger logger, string files);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem} Until then the previous content of {Files} stays in effect.")]
    private static partial void LogProblem(ILogger logger, string problem, string files);

    private readonly record struct Reading(string Fingerprint, IReadOnlyList<byte[]> Contents, UnusableFileException? Problem);
}
