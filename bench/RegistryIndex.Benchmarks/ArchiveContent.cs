using System.Formats.Tar;
using System.IO.Compression;

namespace RegistryIndex.Benchmarks;

/// <summary>The size of what is in an archive: a <c>.zip</c>, a package, a <c>.tar.gz</c>, or an image with its layers.</summary>
internal static class ArchiveContent
{
    /// <exception cref="InvalidDataException">The file is not such an archive.</exception>
    public static async Task<long> SizeAsync(string file)
    {
        await using var stream = File.OpenRead(file);
        if (Path.GetExtension(file) is not (".zip" or ".nupkg"))
            return await SizeOfTarAsync(stream);
        await using var archive = await ZipArchive.CreateAsync(stream, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null);
        return archive.Entries.Sum(entry => entry.Length);
    }

    private static async Task<long> SizeOfTarAsync(Stream stream)
    {
        var isCompressed = stream.ReadByte() == 0x1f; // of gzip; a tar begins with a name
        stream.Position = 0;
        await using var tar = new TarReader(isCompressed ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        long size = 0;
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            var isLayer = entry.Name.EndsWith(".tar", StringComparison.Ordinal) || entry.Name.EndsWith(".tar.gz", StringComparison.Ordinal);
            size += isLayer && entry.DataStream is { } layer ? await SizeOfTarAsync(layer) : entry.Length;
        }

        return size;
    }
}
