namespace RegistryIndex.Conformance.Tests.Mutants;

internal static class WrongFolding
{
    /// <summary>Folds all case except that of the final sigma, like the runtime.</summary>
    public static string Fold(string text) => string.Join('\u03db', text.Split('ς').Select(Folding.Fold));
}
