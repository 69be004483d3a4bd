using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RegistryIndex.EfCore.Tests;

/// <summary>An SQLite file for a test, which can open it several times.</summary>
public sealed class SqliteTestFile : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("registry-index-").FullName;
    private readonly List<EfCoreRegistryIndex> _opened = [];

    public string Path => System.IO.Path.Combine(_directory, "index.db");

    public string Url => "sqlite:///" + Path;

    /// <summary>Opens the file as another process would, with connections of its own.</summary>
    public async Task<IRegistryIndex> OpenAsync(bool initialize = true)
    {
        var index = Create(Url);
        _opened.Add(index);
        if (initialize)
            await index.InitializeAsync(TestContext.Current.CancellationToken);
        return index;
    }

    internal static EfCoreRegistryIndex Create(string url, ILogger<EfCoreRegistryIndex>? logger = null, bool waitsForMemory = false) =>
        new(Options.Create(new EfCoreIndexOptions { Database = url, WaitsForMemory = waitsForMemory }.WithEngines()), logger ?? NullLogger<EfCoreRegistryIndex>.Instance);

    public async ValueTask DisposeAsync()
    {
        foreach (var index in _opened)
            await index.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
