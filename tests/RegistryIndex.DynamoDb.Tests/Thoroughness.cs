namespace RegistryIndex.DynamoDb.Tests;

/// <summary>How much of what is random, or large only to be large, a test does: more of it where REGISTRYINDEX_TEST_THOROUGH is "true", which takes long.</summary>
internal static class Thoroughness
{
    public static bool IsGreat { get; } = Environment.GetEnvironmentVariable("REGISTRYINDEX_TEST_THOROUGH") == "true";

    public static int Pick(int usual, int great) => IsGreat ? great : usual;
}
