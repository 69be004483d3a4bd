using Microsoft.Extensions.Time.Testing;
using RegistryIndex.Server.Moving;

namespace RegistryIndex.Server.Tests.Moving;

/// <summary>Migrations from any index, without a command.</summary>
internal static class Migrations
{
    /// <summary>Where <see cref="SourceOf"/> says that it is.</summary>
    public const string Here = "here";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A source that is read by its list.</summary>
    public static MigrationSource SourceOf(IRegistryIndex index) =>
        new(index, Here, (after, most, cancelled) => index.ListAsync(after, cancelled).Take(most ?? int.MaxValue));

    /// <summary>Moves in small batches, so that a few rows are several of them, each of which the target remembers.</summary>
    public static async Task<Migration> TakeAsync(MigrationSource source, IRegistryIndex target, Action<RefusedRepository>? refused = null, IProgress<ImportResult>? progress = null) =>
        new(source, target, await MigrationMark.TakeAsync(target, source.Location, new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) }, Stop)) { BatchSize = 4, Refused = refused, Progress = progress };
}
