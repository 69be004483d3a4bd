using RegistryIndex.Storage;

namespace RegistryIndex.Server.Loading;

/// <summary>How far a load is.</summary>
/// <param name="Result">What was done.</param>
/// <param name="Undescribed">How many of them are there without the description that their manifest should have given.</param>
internal sealed record LoadProgress(ImportResult Result, long Undescribed);

/// <summary>
/// Brings what a registry's storage holds into the index. It only adds: nothing is deleted, and a repository whose image
/// says no description keeps the one it has.
/// </summary>
internal sealed partial class Loader(IRegistryIndex index, IRegistryStorage storage, ILogger<Loader> logger)
{
    // A portion is what a crash may make us do again.
    private const int PortionSize = 1_000;

    /// <param name="after">Where a load before got to.</param>
    /// <param name="stored">Told of each portion when it is safely in the index, and where the next begins.</param>
    /// <param name="cancellationToken">Cancels the load; what was stored stays.</param>
    public async Task<LoadProgress> LoadAsync(string? after, Func<LoadProgress, string, Task> stored, CancellationToken cancellationToken)
    {
        var (result, undescribed) = (ImportResult.None, 0L);
        await foreach (var portion in storage.ReadAsync(after, cancellationToken).Chunk(PortionSize).WithCancellation(cancellationToken))
        {
            foreach (var repository in portion.Where(repository => repository.Problem is not null))
            {
                undescribed++;
                LogUndescribed(logger, repository.Repository.Name, repository.Problem!);
            }

            result += await index.ImportAsync(
                portion.Select(repository => repository.Repository).ToAsyncEnumerable(),
                new ImportOptions { KeepDescriptions = true, Refused = refused => LogRefused(logger, refused.Reason) },
                cancellationToken);
            await stored(new(result, undescribed), portion[^1].Position);
        }

        return new(result, undescribed);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Repository} is loaded without its description: {Problem}")]
    private static partial void LogUndescribed(ILogger logger, string repository, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not loaded: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);
}
