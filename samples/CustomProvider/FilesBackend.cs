using Acme.RegistryIndex.Files;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: RegistryIndexBackend(typeof(FilesBackend), FilesBackend.Name)]

namespace Acme.RegistryIndex.Files;

/// <summary>Puts the provider into the container when <c>search_backend</c> names it, or this assembly.</summary>
internal sealed class FilesBackend : IScratchBackend
{
    public const string Name = "acme-files";

    private const string Key = "acme_files_directory";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        var index = new FilesRegistryIndex(DirectoryOf(configuration));
        services.AddSingleton<IRegistryIndex>(index).AddSingleton<IRegistryIndexSource>(index);
    }

    /// <summary>For <c>registry-index conformance</c>: a directory beside the configured one.</summary>
    public Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(Path.GetDirectoryName(DirectoryOf(services.GetRequiredService<IConfiguration>())) ?? "/", name);
        if (Path.Exists(directory))
            throw new RegistryIndexException(Name, "create scratch", $"{directory} is there already and is left alone.", mayRetry: false);
        Directory.CreateDirectory(directory);
        return Task.FromResult(new ScratchPlace(directory, new Dictionary<string, string?> { [Key] = directory }, () =>
            Task.Run(() => Directory.Delete(directory, recursive: true))));
    }

    private static string DirectoryOf(IConfiguration configuration) => configuration[Key] is { Length: > 0 } directory
        ? Path.GetFullPath(directory)
        : throw new InvalidOperationException($"{Key} is not set; name the directory that shall hold the index.");
}
