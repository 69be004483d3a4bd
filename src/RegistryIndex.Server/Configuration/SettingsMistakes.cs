using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using RegistryIndex.Providers;
using RegistryIndex.Server.Output;

namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Converts the errors of options, providers and their validation into configuration mistakes. Adds the value of each setting that an error
/// names, and where it was written.
/// </summary>
internal static partial class SettingsMistakes
{
    /// <summary>Runs a function that uses the settings, and converts its errors.</summary>
    /// <exception cref="ConfigurationMistakeException">A setting is invalid.</exception>
    public static T Explained<T>(this IConfiguration configuration, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception error) when (SentencesOf(error, configuration) is { Count: > 0 } sentences)
        {
            throw Mistakes(sentences, configuration, error);
        }
    }

    /// <inheritdoc cref="Explained{T}"/>
    public static async Task ExplainedAsync(this IConfiguration configuration, Func<Task> make)
    {
        try
        {
            await make();
        }
        catch (Exception error) when (SentencesOf(error, configuration) is { Count: > 0 } sentences)
        {
            throw Mistakes(sentences, configuration, error);
        }
    }

    /// <summary>Binds and checks the options of all services, before any of them is used.</summary>
    /// <exception cref="ConfigurationMistakeException">A setting is invalid.</exception>
    public static void CheckOptions(this IServiceProvider services, IConfiguration configuration) => configuration.Explained(() =>
    {
        services.GetService<IStartupValidator>()?.Validate();
        return true;
    });

    private static ConfigurationMistakeException Mistakes(List<string> sentences, IConfiguration configuration, Exception error) =>
        new(string.Join('\n', sentences.Distinct(StringComparer.Ordinal).Select(sentence => Explain(sentence, configuration))), error) { IsExplained = true };

    private static List<string> SentencesOf(Exception error, IConfiguration configuration) => error switch
    {
        ConfigurationMistakeException { IsExplained: true } => [],
        AggregateException several => [.. several.InnerExceptions.SelectMany(inner => SentencesOf(inner, configuration))],
        OptionsValidationException options => [.. options.Failures],
        ConfigurationMistakeException or ProviderConfigurationException => [.. error.Message.Split('\n')],
        InvalidOperationException when Unbound().Match(error.Message) is { Success: true } unbound => [OfUnbound(unbound.Groups["key"].Value, unbound.Groups["type"].Value, configuration)],
        _ => [],
    };

    // The options of a third party's provider, which are unknown here.
    private static string OfUnbound(string key, string type, IConfiguration configuration)
    {
        var allowed = type switch
        {
            "System.Boolean" => "true or false",
            "System.Byte" or "System.Int16" or "System.Int32" or "System.Int64" or "System.UInt32" or "System.UInt64" => "a whole number",
            "System.Single" or "System.Double" or "System.Decimal" => "a number",
            _ => $"a {type[(type.LastIndexOf('.') + 1)..]}",
        };
        return WrittenSetting.Find(configuration, key)?.Wrong(allowed) ?? $"{key} must be {allowed}.";
    }

    private static string Explain(string sentence, IConfiguration configuration)
    {
        var places = new List<string>();
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            foreach (var part in (string[])[value ?? "", .. (value ?? "").Split(';', StringSplitOptions.TrimEntries)])
            {
                if (part.Length > 3 && ShownIn(key, part) is var shown && shown != part)
                    sentence = sentence.Replace(part, shown, StringComparison.Ordinal);
            }

            if (!Names(sentence, key) || WrittenSetting.Find(configuration, key) is not { Source: not ("" or GivenSettings.Default) and var source } written || sentence.Contains($"({source})", StringComparison.Ordinal))
                continue;
            var isSaid = string.IsNullOrEmpty(written.Text) || sentence.Contains($"'{written.Shown}'", StringComparison.Ordinal);
            places.Add(isSaid ? $"{key}: {source}" : $"{key} = {written.Shown}, {source}");
        }

        return places.Count == 0 ? sentence : $"{sentence.TrimEnd('.')} ({string.Join("; ", places)}).";
    }

    // An unknown setting is not one of our secrets unless it looks like one, and its key may be an ordinary word.
    private static string ShownIn(string key, string value) =>
        KnownSettings.IsKnown(key) || Redaction.IsSecret(UnknownSettings.FindMeant(key) ?? key) ? Redaction.Redact(key, value) : RedactedText.Of(value);

    // Keys such as registry and storage are also words: unless they begin the sentence, only text with a character that no word has counts as a key.
    private static bool Names(string sentence, string key)
    {
        for (var at = sentence.IndexOf(key, StringComparison.OrdinalIgnoreCase); at >= 0; at = sentence.IndexOf(key, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var after = sentence.AsSpan(at + key.Length).TrimStart(':'); // a section is not meant when the sentence names a key within it
            var isWhole = (at == 0 || !IsOfKey(sentence[at - 1])) && (after is [] || !IsOfKey(after[0]));
            if (isWhole && (at == 0 || key.AsSpan().ContainsAny('_', ':')))
                return true;
        }

        return false;
    }

    private static bool IsOfKey(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or ':';

    [GeneratedRegex("""\AFailed to convert configuration value '.*' at '(?<key>[^']+)' to type '(?<type>[^']+)'""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Unbound();
}
