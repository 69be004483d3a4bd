using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace RegistryIndex.Storage;

/// <summary>Where the registry stores its images, with the setting names of the Python docker-registry.</summary>
public sealed class StorageOptions : IValidatableObject
{
    internal const string S3Kind = "s3";

    /// <summary>The key <c>storage</c>: <c>local</c> or <c>file</c>, which mean the same, or <c>s3</c>; local when not set.</summary>
    [ConfigurationKeyName("storage")]
    public string? Kind { get; set; }

    /// <summary>
    /// The key <c>storage_path</c>: the directory that contains <c>docker/registry/v2</c> (distribution's rootdirectory) or
    /// <c>repositories</c> (Python docker-registry). In S3 it is the prefix of the keys, and may be empty.
    /// </summary>
    [ConfigurationKeyName("storage_path")]
    public string? Path { get; set; }

    /// <summary>The bucket, where <see cref="Kind"/> is <c>s3</c>.</summary>
    public S3Options S3 { get; set; } = new();

    /// <summary>Whether a storage is configured. Without one, an index is filled by imports and events alone.</summary>
    public bool IsConfigured => Kind == S3Kind || !string.IsNullOrWhiteSpace(Path);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrWhiteSpace(Kind) && Kind is not ("local" or "file" or S3Kind))
            yield return new($"storage is '{RepositoryName.Shown(Kind)}', which is not supported: set it to 'local' or 'file' (a directory, named by storage_path) or to 's3' (a bucket, named by s3_bucket).");
        foreach (var problem in Kind == S3Kind ? S3.FindProblems() : [])
            yield return new(problem);
        if (Path?.Contains('\0', StringComparison.Ordinal) == true)
            yield return new("storage_path holds a NUL character: set it to the path of a directory.");
    }
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
