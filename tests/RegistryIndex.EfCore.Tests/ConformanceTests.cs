using System.Text.Json;
using Microsoft.Data.Sqlite;
using RegistryIndex.Conformance;
using RegistryIndex.Conformance.Xunit;
using RegistryIndex.Testing;

namespace RegistryIndex.EfCore.Tests.Conformance;

/// <summary>SQLite in a file, which several processes open.</summary>
public sealed class FileHarness : ConformanceHarness
{
    public override string Name => "efcore on SQLite";

    public override string? WhyNot(Capability capability) => ScratchFile.WhyNot(capability);

    public override Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => Task.FromResult<ScratchIndex>(new ScratchFile());
}

public sealed class FileStoring(FileHarness harness) : StoringConformance<FileHarness>(harness);

public sealed class FileWriting(FileHarness harness) : WritingConformance<FileHarness>(harness);

public sealed class FileListing(FileHarness harness) : ListingConformance<FileHarness>(harness);

public sealed class FileImporting(FileHarness harness) : ImportingConformance<FileHarness>(harness);

public sealed class FileFinding(FileHarness harness) : FindingConformance<FileHarness>(harness);

public sealed class FileRanking(FileHarness harness) : RankingConformance<FileHarness>(harness);

public sealed class FilePaging(FileHarness harness) : PagingConformance<FileHarness>(harness);

public sealed class FileInitializing(FileHarness harness) : InitializingConformance<FileHarness>(harness);

public sealed class FileMarks(FileHarness harness) : MarksConformance<FileHarness>(harness);

public sealed class FileSharing(FileHarness harness) : SharingConformance<FileHarness>(harness);

public sealed class FileFailing(FileHarness harness) : FailingConformance<FileHarness>(harness);

public sealed class FileFacts(FileHarness harness) : FactsConformance<FileHarness>(harness)
{
    protected override ConformanceOptions Options { get; } = new() { Histories = 40 };
}

public sealed class FileHistories(FileHarness harness) : HistoriesConformance<FileHarness>(harness)
{
    protected override ConformanceOptions Options { get; } = new() { Histories = 40 };
}

public sealed class FileSize(FileHarness harness) : SizeConformance<FileHarness>(harness);

public sealed class FileEveryCase : EveryCase<FileHarness>;

/// <summary>The same, but searches that segment starts cannot answer always use the texts in memory.</summary>
public sealed class TextsHarness : ConformanceHarness
{
    public override string Name => "efcore on SQLite, texts in memory";

    public override string? WhyNot(Capability capability) => ScratchFile.WhyNot(capability);

    public override Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => Task.FromResult<ScratchIndex>(new ScratchFile(waitsForMemory: true));
}

public sealed class TextsWriting(TextsHarness harness) : WritingConformance<TextsHarness>(harness);

public sealed class TextsImporting(TextsHarness harness) : ImportingConformance<TextsHarness>(harness);

public sealed class TextsFinding(TextsHarness harness) : FindingConformance<TextsHarness>(harness);

public sealed class TextsRanking(TextsHarness harness) : RankingConformance<TextsHarness>(harness);

public sealed class TextsPaging(TextsHarness harness) : PagingConformance<TextsHarness>(harness);

public sealed class TextsInitializing(TextsHarness harness) : InitializingConformance<TextsHarness>(harness);

public sealed class TextsFailing(TextsHarness harness) : FailingConformance<TextsHarness>(harness);

public sealed class TextsFacts(TextsHarness harness) : FactsConformance<TextsHarness>(harness);

public sealed class TextsHistories(TextsHarness harness) : HistoriesConformance<TextsHarness>(harness)
{
    protected override ConformanceOptions Options { get; } = new() { Histories = 40 };
}

/// <summary>SQLite in memory, which ends with its process.</summary>
public sealed class MemoryHarness : ConformanceHarness
{
    public override string Name => "efcore on SQLite in memory";

    public override string? WhyNot(Capability capability) => "An index in memory is seen by its own process only, and nobody else gets at its store.";

    public override Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => Task.FromResult<ScratchIndex>(new Scratch());

    private sealed class Scratch : ScratchIndex
    {
        public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<IRegistryIndex>(SqliteIndexes.Memory());

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask; // it has ended with the index
    }
}

public sealed class MemoryStoring(MemoryHarness harness) : StoringConformance<MemoryHarness>(harness);

public sealed class MemoryWriting(MemoryHarness harness) : WritingConformance<MemoryHarness>(harness);

public sealed class MemoryListing(MemoryHarness harness) : ListingConformance<MemoryHarness>(harness);

public sealed class MemoryImporting(MemoryHarness harness) : ImportingConformance<MemoryHarness>(harness);

public sealed class MemoryFinding(MemoryHarness harness) : FindingConformance<MemoryHarness>(harness);

public sealed class MemoryRanking(MemoryHarness harness) : RankingConformance<MemoryHarness>(harness);

public sealed class MemoryPaging(MemoryHarness harness) : PagingConformance<MemoryHarness>(harness);

public sealed class MemoryInitializing(MemoryHarness harness) : InitializingConformance<MemoryHarness>(harness);

public sealed class MemoryMarks(MemoryHarness harness) : MarksConformance<MemoryHarness>(harness);

public sealed class MemorySharing(MemoryHarness harness) : SharingConformance<MemoryHarness>(harness);

public sealed class MemoryFailing(MemoryHarness harness) : FailingConformance<MemoryHarness>(harness);

public sealed class MemoryFacts(MemoryHarness harness) : FactsConformance<MemoryHarness>(harness);

public sealed class MemoryHistories(MemoryHarness harness) : HistoriesConformance<MemoryHarness>(harness);

public sealed class MemorySize(MemoryHarness harness) : SizeConformance<MemoryHarness>(harness)
{
    protected override ConformanceOptions Options { get; } = SlowTests.Options;
}

public sealed class MemoryEveryCase : EveryCase<MemoryHarness>;

/// <summary>The operations of the kit's harness on a database file, in plain SQL.</summary>
internal sealed class ScratchFile(bool waitsForMemory = false) : ScratchIndex
{
    private const string Foreign = "CREATE TABLE guests (name TEXT); INSERT INTO guests VALUES ('repository'); CREATE VIEW guest_names AS SELECT name FROM guests;";
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("registry-index-conformance-");
    private SqliteConnection? _observer;

    private string Database => Path.Combine(_directory.FullName, "index.db");

    private string Away => _directory.FullName + "/away.db";

    private string Url => "sqlite:///" + Database;

    public static string? WhyNot(Capability capability) => capability switch
    {
        Capability.PartialFailures => "SQLite reads its file by itself; nothing is between them that could fail after so many requests.",
        Capability.SlowStore => "SQLite reads its file by itself; nothing is between them that could keep it waiting.",
        Capability.KnownSecret => "A file is opened without a secret.",
        _ => null,
    };

    public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<IRegistryIndex>(SqliteTestFile.Create(Url, waitsForMemory: waitsForMemory));

    /// <summary>Closes open connections first, because they would continue with the moved file.</summary>
    public override Task BreakAsync(CancellationToken cancellationToken)
    {
        using var pool = new SqliteConnection(DatabaseUrl.Parse(Url, EveryEngine.All).ConnectionString);
        SqliteConnection.ClearPool(pool);
        File.Move(Database, Away);
        Directory.CreateDirectory(Database);
        return Task.CompletedTask;
    }

    /// <summary>Puts a directory in the place of the file. A retry does not help.</summary>
    public override Task BreakForGoodAsync(CancellationToken cancellationToken) => BreakAsync(cancellationToken);

    public override Task MendAsync(CancellationToken cancellationToken)
    {
        Directory.Delete(Database);
        File.Move(Away, Database);
        return Task.CompletedTask;
    }

    /// <summary>SQLite's own count of commits by other connections, from a connection that only reads.</summary>
    public override async Task<long> CountWritesAsync(CancellationToken cancellationToken)
    {
        _observer ??= await ConnectAsync();
        await using var command = _observer.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public override async Task PlantPredecessorAsync(IReadOnlyList<Repository> rows, CancellationToken cancellationToken)
    {
        await ExecuteAsync("CREATE TABLE version (id INTEGER NOT NULL, PRIMARY KEY (id)); INSERT INTO version VALUES (1);");
        await ExecuteAsync("CREATE TABLE repository (id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));");
        foreach (var some in rows.Chunk(500))
            await ExecuteAsync("INSERT INTO repository (name, description) SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each($rows)", ("$rows", JsonSerializer.Serialize(some.Select(row => new[] { row.Name, row.Description }))));
    }

    public override Task PlantForeignDataAsync(CancellationToken cancellationToken) => ExecuteAsync(Foreign);

    public override async Task<string?> FindDamageToForeignDataAsync(CancellationToken cancellationToken) =>
        await ExecuteAsync("SELECT group_concat(name) || (SELECT count(*) FROM sqlite_master WHERE tbl_name IN ('guests', 'guest_names')) FROM guest_names") is var now && now is "repository2"
            ? null
            : $"the table guests and its view hold {now}";

    public override async Task<(string Found, string Expected)> MakeSchemaUnknownAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("UPDATE registry_index_state SET value = '99' WHERE name = 'schema'");
        return ("'99'", "1");
    }

    public override async ValueTask DisposeAsync()
    {
        if (_observer is not null)
            await _observer.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task<object?> ExecuteAsync(string sql, params (string Name, string? Value)[] parameters)
    {
        await using var connection = await ConnectAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, (object?)value ?? DBNull.Value);
        return await command.ExecuteScalarAsync();
    }

    private async Task<SqliteConnection> ConnectAsync()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }
}
