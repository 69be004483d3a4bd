namespace RegistryIndex;

/// <summary>A repository that an import did not store.</summary>
/// <param name="Repository">The repository as received.</param>
/// <param name="Reason">One sentence that names the repository and the reason.</param>
public sealed record RefusedRepository(Repository Repository, string Reason);
