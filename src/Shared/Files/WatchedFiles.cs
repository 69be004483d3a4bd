using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using RegistryIndex.Sources;

namespace RegistryIndex.Files;

/// <summary>
/// What files named by settings say together, read again when they change, so that users, secrets and certificates change without a
/// restart. The files are read every second and compared by content: links that are swapped, files that are renamed into place and
/// files of an old time are changes like others. A change counts when two readings in a row are equal, since a file may be caught in
/// the middle of being written. While files cannot be read, or do not belong together, what they said before holds, and the log says
/// so once. Thread-safe.
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
    /// <param name="parse">Makes the value of what is in each of them; throws an <see cref="UnusableFileException"/> where they are not what they should be.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of changes.</param>
    /// <exception cref="UnusableFileException">They are not what they should be.</exception>
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

    /// <summary>What they say now, or said when they could last be read.</summary>
    public T Value => _value;

    public void Dispose() => _timer.Dispose();

    /// <summary>Reads the files, and goes by what they say if that is so for the second time.</summary>
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
                var problem = new UnusableFileException($"'{file}' cannot be read ({error.Message.TrimEnd('.')}): see that it is there and that the server's user may read it.", error);
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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem} Until then what {Files} said before holds.")]
    private static partial void LogProblem(ILogger logger, string problem, string files);

    private readonly record struct Reading(string Fingerprint, IReadOnlyList<byte[]> Contents, UnusableFileException? Problem);
}
