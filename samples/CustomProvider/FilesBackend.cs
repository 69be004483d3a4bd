using System.ComponentModel.DataAnnotations;
using Acme.RegistryIndex.Files;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RegistryIndex;

[assembly: RegistryIndexBackend(typeof(FilesBackend), FilesBackend.Name)]

namespace Acme.RegistryIndex.Files;

/// <summary>Puts the provider into the container when <c>search_backend</c> names it, or this assembly.</summary>
internal sealed class FilesBackend : IRegistryIndexBackend
{
    public const string Name = "acme-files";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<FilesOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FilesOptions>, FilesOptionsValidator>();
        services.AddSingleton<IRegistryIndex, FilesRegistryIndex>();
    }
}

/// <summary>The provider's settings.</summary>
internal sealed class FilesOptions
{
    /// <summary>The directory that holds the index; it is made if it is not there.</summary>
    [Required(ErrorMessage = "acme_files_directory is not set; name the directory that shall hold the index.")]
    [ConfigurationKeyName("acme_files_directory")]
    public string? Directory { get; set; }
}

[OptionsValidator]
internal sealed partial class FilesOptionsValidator : IValidateOptions<FilesOptions>;
