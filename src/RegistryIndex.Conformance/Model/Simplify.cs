namespace RegistryIndex.Conformance.Model;

/// <summary>Values simpler than a given one, simplest first.</summary>
internal static class Simplify
{
    /// <summary>Returns a list without a run of its items: without all, without each half, … and finally without each single item.</summary>
    public static IEnumerable<IReadOnlyList<T>> List<T>(IReadOnlyList<T> items)
    {
        for (var length = items.Count; length >= 1; length /= 2)
        {
            for (var start = 0; start < items.Count; start += length)
                yield return [.. items.Take(start), .. items.Skip(start + length)];
        }
    }

    /// <summary>Returns a text without a run of its code points.</summary>
    public static IEnumerable<string> Text(string text) =>
        List<string>([.. text.EnumerateRunes().Select(rune => rune.ToString())]).Select(runes => string.Concat(runes));

    /// <summary>
    /// Returns a repository without facts, or with a shorter description or name. The result is valid exactly if the given repository is.
    /// </summary>
    public static IEnumerable<Repository> Repository(Repository repository)
    {
        var mayBeStored = repository.FindProblem() is null;
        Repository[] plain = repository.Facts is null ? [] : [new(repository.Name, repository.Description)];
        var descriptions = repository.Description is { } description ? Text(description).Select(shorter => new Repository(repository.Name, shorter, repository.Facts)) : [];
        var names = Text(repository.Name).Select(shorter => new Repository(shorter, repository.Description, repository.Facts));
        return plain.Concat(descriptions).Concat(names).Where(simpler => simpler != repository && simpler.FindProblem() is null == mayBeStored);
    }
}
