namespace RegistryIndex.Conformance.Model;

/// <summary>Simpler values than a given one, simplest first.</summary>
internal static class Simplify
{
    /// <summary>A list without a run of its items: all, the halves, … down to single ones.</summary>
    public static IEnumerable<IReadOnlyList<T>> List<T>(IReadOnlyList<T> items)
    {
        for (var length = items.Count; length >= 1; length /= 2)
        {
            for (var start = 0; start < items.Count; start += length)
                yield return [.. items.Take(start), .. items.Skip(start + length)];
        }
    }

    /// <summary>A text without a run of its code points.</summary>
    public static IEnumerable<string> Text(string text) =>
        List<string>([.. text.EnumerateRunes().Select(rune => rune.ToString())]).Select(runes => string.Concat(runes));

    /// <summary>A repository with a shorter description or name; one that may be stored only if the given one may.</summary>
    public static IEnumerable<Repository> Repository(Repository repository)
    {
        var mayBeStored = repository.FindProblem() is null;
        var descriptions = repository.Description is { } description ? Text(description).Select(shorter => new Repository(repository.Name, shorter)) : [];
        var names = Text(repository.Name).Select(shorter => new Repository(shorter, repository.Description));
        return descriptions.Concat(names).Where(simpler => simpler != repository && simpler.FindProblem() is null == mayBeStored);
    }
}
