namespace RegistryIndex.EfCore.Engines;

/// <summary>A failure of the database, in words.</summary>
/// <param name="Problem">A sentence.</param>
/// <param name="MayRetry">Whether the same call may succeed later without anybody mending anything.</param>
/// <param name="IsPassing">Whether it is worth trying again at once: a connection that was lost, a deadlock.</param>
public sealed record Failure(string Problem, bool MayRetry, bool IsPassing = false);
