using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Storage;

/// <summary>Where the registry keeps its images, by the names the Python docker-registry gave these settings.</summary>
public sealed class StorageOptions : IValidatableObject
{
    /// <summary>The key <c>storage</c>: <c>local</c> or <c>file</c>, which mean the same; local when not set.</summary>
    [ConfigurationKeyName("storage")]
    public string? Kind { get; set; }

    /// <summary>
    /// The key <c>storage_path</c>: the directory that contains <c>docker/registry/v2</c> (what distribution calls its
    /// rootdirectory) or <c>repositories</c> (Python docker-registry).
    /// </summary>
    [ConfigurationKeyName("storage_path")]
    public string? Path { get; set; }

    /// <summary>Whether there is a storage at all. Without one an index lives from imports and events alone.</summary>
    public bool IsConfigured => !string.IsNullOrWhiteSpace(Path);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrWhiteSpace(Kind) && Kind is not ("local" or "file"))
            yield return new($"storage is '{RepositoryName.Shown(Kind)}', which cannot be read: set it to 'local' or 'file' (a directory, named by storage_path).");
        if (Path?.Contains('\0', StringComparison.Ordinal) == true)
            yield return new("storage_path holds a NUL character: set it to the path of a directory.");
    }
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
