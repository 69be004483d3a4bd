namespace RegistryIndex;

/// <summary>A repository of a container registry as the index knows it: its name, its description and its facts.</summary>
/// <remarks>
/// A value. Two repositories are equal when their names are equal, ordinally, and they have the same content;
/// <see cref="HasContentOf"/> defines the content. The value may break a rule, so that a row of an old database can be read and a bad row
/// of an import can be reported; <see cref="FindProblem"/> checks it.
/// </remarks>
public sealed record Repository
{
    // The facts, or their JSON until they are first asked for: an answer to docker shows none.
    private object? _facts;

    /// <summary>Creates the value without checking it.</summary>
    /// <param name="name">The repository's name, its identity, such as <c>team/app/web</c>.</param>
    /// <param name="description">The description. Null, empty and blank all mean that there is none (contract 1.4).</param>
    /// <param name="facts">
    /// The facts from its registry, which are brought within the bounds of contract 8.3 and 8.4. Null, and facts without any known field, mean that
    /// there are none.
    /// </param>
    public Repository(string name, string? description = null, RepositoryFacts? facts = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Description = RepositoryDescription.IsBlank(description) ? null : description;
        _facts = FactsBounds.Apply(facts);
    }

    /// <summary>The name, compared ordinally.</summary>
    public string Name { get; }

    /// <summary>The description, or null when there is none; never blank.</summary>
    public string? Description { get; }

    /// <summary>The facts, or null when there are none; always within their bounds.</summary>
    public RepositoryFacts? Facts
    {
        get
        {
            if (Volatile.Read(ref _facts) is string json)
                Interlocked.CompareExchange(ref _facts, StoredFacts.Read(json), json);
            return (RepositoryFacts?)Volatile.Read(ref _facts);
        }
    }

    /// <summary>Creates the value from what a store keeps, without checking it. The facts are read when they are first asked for.</summary>
    /// <param name="name">The repository's name.</param>
    /// <param name="description">The description.</param>
    /// <param name="factsJson">
    /// The output of <see cref="RepositoryFacts.ToJson"/>; null if there are no facts. Facts that this version cannot read count as missing, because a
    /// later version may have written them; the next write of facts replaces them.
    /// </param>
    public static Repository FromStored(string name, string? description, string? factsJson) => new(name, description) { _facts = factsJson };

    /// <summary>Whether both have the same content: the same description, compared ordinally, and the same facts. Names are not compared.</summary>
    public bool HasContentOf(Repository other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Description == other.Description && Facts == other.Facts;
    }

    /// <summary>Whether both have the same name, compared ordinally, and the same content.</summary>
    public bool Equals(Repository? other) => other is not null && Name == other.Name && HasContentOf(other);

    /// <summary>A hash of what <see cref="Equals(Repository?)"/> compares.</summary>
    public override int GetHashCode() => HashCode.Combine(Name, Description, Facts);

    /// <summary>
    /// Determines the effect of writing this repository over a stored one (contract 2.1, 2.2, 2.7, 8.6 and 8.7). Every provider, import and
    /// comparison uses it.
    /// </summary>
    /// <remarks>
    /// For an index that does not keep facts, call it on the result of <see cref="KeptBy"/>. Otherwise facts that are not stored would always look
    /// like a change.
    /// </remarks>
    /// <param name="stored">The stored repository with that name, or null.</param>
    /// <param name="keepDescriptions">Whether a missing description keeps the stored one, as in <see cref="ImportOptions.KeepDescriptions"/>.</param>
    public RepositoryWrite WriteOver(Repository? stored, bool keepDescriptions = false)
    {
        if (stored is null)
            return new(UpsertOutcome.Added, this);
        var description = keepDescriptions && Description is null ? stored.Description : Description;
        var facts = Facts is null ? stored.Facts : Facts.WriteOver(stored.Facts);
        var result = description == Description && facts == Facts ? this : new Repository(Name, description, facts);
        return result.HasContentOf(stored) ? new(UpsertOutcome.Unchanged, stored) : new(UpsertOutcome.Updated, result);
    }

    /// <summary>Returns the repository as an index with these capabilities keeps it, without facts if the index keeps none (contract 8.9).</summary>
    public Repository KeptBy(IndexCapabilities capabilities) =>
        Facts is null || capabilities.HasFlag(IndexCapabilities.Facts) ? this : new(Name, Description);

    /// <summary>Explains in one sentence why a provider refuses this repository (contract 1.2 and 1.3).</summary>
    /// <returns>The reason, or null when the repository may be stored.</returns>
    public string? FindProblem() => RepositoryName.FindProblem(Name) ?? RepositoryDescription.FindProblem(Name, Description);

    /// <summary>Throws when a provider must refuse this repository. Providers call it first in an upsert.</summary>
    /// <exception cref="ArgumentException">The name breaks the grammar, or the description is too long or is not valid text.</exception>
    public void ThrowIfRefused()
    {
        if (FindProblem() is { } problem)
            throw new ArgumentException(problem);
    }

    /// <summary>Returns the name and, if there is one, the description.</summary>
    public override string ToString() => Description is null ? Name : $"{Name} ({Description})";
}

/// <summary>The effect of a write on the stored repository.</summary>
/// <param name="Outcome">Whether the write adds, updates or changes nothing.</param>
/// <param name="Result">The repository that is stored after the write.</param>
public readonly record struct RepositoryWrite(UpsertOutcome Outcome, Repository Result);
