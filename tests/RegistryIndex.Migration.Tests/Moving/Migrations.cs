using Microsoft.Extensions.Time.Testing;

namespace RegistryIndex.Migration.Tests.Moving;

/// <summary>Migrations of any index, without a command.</summary>
internal static class Migrations
{
    /// <summary>The location of <see cref="SourceOf"/>.</summary>
    public const string Here = "here";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Creates a source.</summary>
    public static MigrationEndpoint SourceOf(IRegistryIndex index) =>
        new(index, Here);

    /// <summary>Migrates in small batches, so that a few rows are several batches, after each of which the target stores the position.</summary>
    public static async Task<IndexMigration> TakeAsync(MigrationEndpoint source, IRegistryIndex target, Action<RefusedRepository>? refused = null, IProgress<ImportResult>? progress = null) =>
        new(source, target, await MigrationMark.TakeAsync(target, source.Location, new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) }, Stop)) { Preference = new SmallBatches(), Refused = refused, Progress = progress };
}

/// <summary>Batches of four rows.</summary>
internal sealed class SmallBatches : IImportPreference
{
    public int LeastBatch => 4;
}
