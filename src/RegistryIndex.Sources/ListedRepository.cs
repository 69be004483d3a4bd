namespace RegistryIndex.Sources;

/// <summary>A repository that is listed, before it is read.</summary>
/// <param name="Name">Its name, or where it is in the source.</param>
/// <param name="Problem">Why it cannot be read, where that is known already.</param>
public readonly record struct ListedRepository(string Name, RegistrySourceException? Problem = null);
