using RegistryIndex.Backends;
using RegistryIndex.Server;
using RegistryIndex.Sources;

namespace RegistryIndex.Failures;

internal static partial class Failure
{
    /// <summary>What is wrong with an argument, without .NET's words about which one of a method it is.</summary>
    public static string ToSentence(ArgumentException error) => error.ParamName is { } parameter ? error.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal) : error.Message;

    private static partial bool IsExpected(Exception error) => error is RegistrySourceException or ConfigurationMistakeException or UnknownBackendException or BackendSettingsException;

    private static partial bool IsForEveryone(Exception error) => error is RegistrySourceException;
}
