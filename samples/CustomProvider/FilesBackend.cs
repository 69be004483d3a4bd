using Acme.RegistryIndex.Files;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex;

[assembly: RegistryIndexBackend(typeof(FilesBackend), FilesBackend.Name)]

namespace Acme.RegistryIndex.Files;

/// <summary>Puts the provider into the container when <c>search_backend</c> names it, or this assembly.</summary>
internal sealed class FilesBackend : IRegistryIndexBackend
{
    public const string Name = "acme-files";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["acme_files_directory"] is not { Length: > 0 } directory)
            throw new InvalidOperationException("acme_files_directory is not set; name the directory that shall hold the index.");
        services.AddSingleton<IRegistryIndex>(new FilesRegistryIndex(Path.GetFullPath(directory)));
    }
}
