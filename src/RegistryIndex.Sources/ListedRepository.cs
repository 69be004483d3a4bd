namespace RegistryIndex.Sources;

/// <summary>A repository that was listed and is not read yet.</summary>
/// <param name="Name">Its name, or its location in the source.</param>
/// <param name="Problem">Why it cannot be read, when that is known already.</param>
public readonly record struct ListedRepository(string Name, RegistrySourceException? Problem = null);
