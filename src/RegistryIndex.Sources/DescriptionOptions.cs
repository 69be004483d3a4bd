using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using RegistryIndex.Sources.Images;

namespace RegistryIndex.Sources;

/// <summary>Where images keep their description.</summary>
internal sealed class DescriptionOptions : IValidatableObject
{
    private const string Key = "description_keys";
    private const int MaxKeys = 20;
    private const int MaxLength = 256;

    /// <summary>
    /// <c>description_keys</c>: names of annotations and labels, of which the first with a text counts; a list, or one text with <c>;</c>
    /// between the names.
    /// </summary>
    public IReadOnlyList<string> Keys { get; set; } = DescriptionKeys.Default;

    /// <summary>Reads the names; when none are configured, the default stays.</summary>
    public static void Read(DescriptionOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection(Key);
        var keys = section.GetChildren().Select(child => child.Value).Prepend(section.Value)
            .SelectMany(text => (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (keys.Count > 0)
            options.Keys = keys;
    }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (Keys.Count > MaxKeys)
            yield return new($"{Key} has {Keys.Count} names: set it to at most {MaxKeys}.");
        if (Keys.FirstOrDefault(key => key.Length > MaxLength) is { } tooLong)
            yield return new($"{Key} has a name of {tooLong.Length} characters: set it to names of annotations or labels, of {MaxLength} at most.");
    }
}

[OptionsValidator]
internal sealed partial class DescriptionOptionsValidator : IValidateOptions<DescriptionOptions>;
