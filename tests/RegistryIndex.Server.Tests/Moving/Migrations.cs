using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Migration;

namespace RegistryIndex.Server.Tests.Moving;

/// <summary>Migrations from any index, without a command.</summary>
internal static class Migrations
{
    /// <summary>Where <see cref="SourceOf"/> says that it is.</summary>
    public const string Here = "here";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A source.</summary>
    public static MigrationEndpoint SourceOf(IRegistryIndex index) =>
        new(index, Here);

    /// <summary>Moves in small batches, so that a few rows are several of them, each of which the target remembers.</summary>
    public static async Task<IndexMigration> TakeAsync(MigrationEndpoint source, IRegistryIndex target, Action<RefusedRepository>? refused = null, IProgress<ImportResult>? progress = null) =>
        new(source, target, await MigrationMark.TakeAsync(target, source.Location, new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) }, Stop)) { Preference = new SmallBatches(), Refused = refused, Progress = progress };
}

/// <summary>Batches of four rows.</summary>
internal sealed class SmallBatches : IImportPreference
{
    public int LeastBatch => 4;
}
