namespace RegistryIndex;

/// <summary>A repository of a container registry as the index knows it: its name and what it is about.</summary>
/// <remarks>
/// A plain value. Two are equal when their names are, ordinally, and they have the same content; <see cref="HasContentOf"/>
/// says what that is. It may hold what a provider would refuse, so that a row of an old database can be read and a bad row
/// of an import can be reported; <see cref="FindProblem"/> tells.
/// </remarks>
public sealed record Repository
{
    /// <summary>Makes the value; nothing is checked here.</summary>
    /// <param name="name">The repository's name, its identity, such as <c>team/app/web</c>.</param>
    /// <param name="description">What it is about; null, empty and blank all mean that there is no description (contract 1.4).</param>
    public Repository(string name, string? description = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Description = RepositoryDescription.IsBlank(description) ? null : description;
    }

    /// <summary>The name, compared ordinally.</summary>
    public string Name { get; }

    /// <summary>The description, or null when there is none; never blank.</summary>
    public string? Description { get; }

    /// <summary>Whether the two say the same of a repository, whatever its name: the same description, compared ordinally.</summary>
    public bool HasContentOf(Repository other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Description == other.Description;
    }

    /// <summary>Whether both have the same name, compared ordinally, and the same content.</summary>
    public bool Equals(Repository? other) => other is not null && Name == other.Name && HasContentOf(other);

    /// <summary>A hash of what <see cref="Equals(Repository?)"/> compares.</summary>
    public override int GetHashCode() => HashCode.Combine(Name, Description);

    /// <summary>
    /// What writing this repository over a stored one does (contract 2.1, 2.2 and 2.7). Every provider, import and comparison asks here.
    /// </summary>
    /// <param name="stored">What is stored by that name, or null.</param>
    /// <param name="keepDescriptions">Whether a missing description leaves the stored one, as <see cref="ImportOptions.KeepDescriptions"/>.</param>
    public RepositoryWrite WriteOver(Repository? stored, bool keepDescriptions = false)
    {
        if (stored is null)
            return new(UpsertOutcome.Added, this);
        if (HasContentOf(stored) || (keepDescriptions && Description is null))
            return new(UpsertOutcome.Unchanged, stored);
        return new(UpsertOutcome.Updated, this);
    }

    /// <summary>Says in one sentence why a provider refuses this repository (contract 1.2 and 1.3).</summary>
    /// <returns>The reason, or null when the repository may be stored.</returns>
    public string? FindProblem() => RepositoryName.FindProblem(Name) ?? RepositoryDescription.FindProblem(Name, Description);

    /// <summary>Throws when a provider must refuse this repository. Providers call it first in an upsert.</summary>
    /// <exception cref="ArgumentException">The name breaks the grammar or the description is too long or not valid text.</exception>
    public void ThrowIfRefused()
    {
        if (FindProblem() is { } problem)
            throw new ArgumentException(problem);
    }

    /// <summary>The name and, if there is one, the description.</summary>
    public override string ToString() => Description is null ? Name : $"{Name} ({Description})";
}

/// <summary>What a write does to what is stored.</summary>
/// <param name="Outcome">Whether it adds, updates or changes nothing.</param>
/// <param name="Result">What is stored after it.</param>
public readonly record struct RepositoryWrite(UpsertOutcome Outcome, Repository Result);
