namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class Mistaken
{
    /// <summary>Folds all case but that of the final sigma, as the runtime does.</summary>
    public static string Fold(string text) => string.Join('\u03db', text.Split('ς').Select(Folding.Fold));
}
