namespace RegistryIndex.EfCore.Engines;

/// <summary>Describes a failure of the database.</summary>
/// <param name="Problem">The description, a sentence.</param>
/// <param name="MayRetry">Whether the same call may succeed later without a repair.</param>
/// <param name="IsPassing">Whether an immediate retry is worthwhile, for example after a lost connection or a deadlock.</param>
public sealed record Failure(string Problem, bool MayRetry, bool IsPassing = false);
