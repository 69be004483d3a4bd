using RegistryIndex.Providers;
using RegistryIndex.Server;
using RegistryIndex.Sources;

namespace RegistryIndex.Failures;

internal static partial class Failure
{
    /// <summary>Returns what is wrong with an argument, without .NET's text about the parameter.</summary>
    public static string ToSentence(ArgumentException error) => error.ParamName is { } parameter ? error.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal) : error.Message;

    private static partial bool IsExpected(Exception error) => error is RegistrySourceException or ConfigurationMistakeException or ProviderConfigurationException;

    private static partial bool IsForEveryone(Exception error) => error is RegistrySourceException;
}
