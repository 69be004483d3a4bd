namespace RegistryIndex.Failures;

internal static partial class Failure
{
    private static partial bool IsExpected(Exception error) => false;

    private static partial bool IsForEveryone(Exception error) => false;
}
