using RegistryIndex.Sources;

namespace RegistryIndex.Failures;

internal static partial class Failure
{
    private static partial bool IsExpected(Exception error) => error is RegistrySourceException;

    private static partial bool IsForEveryone(Exception error) => error is RegistrySourceException;
}
