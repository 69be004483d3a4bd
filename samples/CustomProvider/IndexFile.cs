using System.Globalization;
using System.Text;
using System.Text.Json;
using K4os.Hash.xxHash;

namespace Acme.RegistryIndex.Files;

/// <summary>The file <c>index.json</c>. A writer holds <c>index.lock</c>. A reader sees it before or after a change, never in between.</summary>
internal sealed class IndexFile(string directory)
{
    private readonly string _path = Path.Combine(directory, "index.json");

    // A file in the place of the directory is a failure, and not a missing index.
    public bool IsThere => File.Exists(_path) || File.Exists(directory);

    public async Task<bool> CreateAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        using var writing = await LockAsync(cancellationToken);
        if (!IsThere)
            await WriteAsync(new(), cancellationToken);
        return (await ReadAsync(cancellationToken)).Format == IndexContent.KnownFormat;
    }

    public async Task<IndexContent> ReadAsync(CancellationToken cancellationToken)
    {
        using var stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var file = new byte[stream.Length];
        await stream.ReadExactlyAsync(file, cancellationToken);
        return Read(file);
    }

    public async Task<T> ChangeAsync<T>(Func<IndexContent, T> change, CancellationToken cancellationToken)
    {
        using var writing = await LockAsync(cancellationToken);
        var index = await ReadAsync(cancellationToken);
        var result = change(index);
        if (index.Changed)
            await WriteAsync(index, cancellationToken);
        return result;
    }

    // The file has one line of JSON, followed by the checksum of that line.
    private static IndexContent Read(ReadOnlySpan<byte> file)
    {
        var end = file.LastIndexOf((byte)'\n');
        var json = end < 0 ? file : file[..end];
        var index = JsonSerializer.Deserialize(json, IndexJson.Default.IndexContent);
        if (index is not { Format: IndexContent.KnownFormat })
            throw new JsonException($"found format '{index?.Format}', expected '{IndexContent.KnownFormat}'.");
        return file[(end + 1)..].SequenceEqual(Checksum(json)) ? index : throw new JsonException("its checksum is wrong, so it is damaged.");
    }

    private static byte[] Checksum(ReadOnlySpan<byte> json) => Encoding.ASCII.GetBytes(XXH64.DigestOf(json).ToString("x16", CultureInfo.InvariantCulture));

    // Writes a new file to the disk and then renames it. After a crash the old file or the new one is there.
    private async Task WriteAsync(IndexContent index, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(index, IndexJson.Default.IndexContent);
        using (var stream = new FileStream(_path + ".new", FileMode.Create))
        {
            await stream.WriteAsync((byte[])[.. json, (byte)'\n', .. Checksum(json)], cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(_path + ".new", _path, overwrite: true);
    }

    // The system releases the lock when the process ends, also after a crash. While another process holds it, opening throws a plain IOException.
    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(Path.Combine(directory, "index.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException error) when (error.GetType() == typeof(IOException) && tries < 10_000)
            {
                await Task.Delay(Random.Shared.Next(1, 5), cancellationToken);
            }
        }
    }
}
