using Acme.RegistryIndex.Files;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: RegistryIndexProvider(typeof(FilesProvider), FilesProvider.Name)]

namespace Acme.RegistryIndex.Files;

/// <summary>Registers the index if <c>search_backend</c> names this provider or this assembly.</summary>
internal sealed class FilesProvider : IScratchProvider
{
    public const string Name = "acme-files";

    private const string Key = "acme_files_directory";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        var index = new FilesRegistryIndex(DirectoryOf(configuration));
        services.AddSingleton<IRegistryIndex>(index).AddSingleton<IRegistryIndexSource>(index);
    }

    /// <summary>For <c>registry-index conformance</c>: creates a directory beside the configured one.</summary>
    public Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var directory = Path.Combine(Path.GetDirectoryName(DirectoryOf(services.GetRequiredService<IConfiguration>())) ?? "/", name);
        if (Path.Exists(directory))
            throw new RegistryIndexException(Name, "create scratch", $"{directory} already exists and is not changed.", mayRetry: false);
        Directory.CreateDirectory(directory);
        return Task.FromResult(new ScratchPlace(directory, new Dictionary<string, string?> { [Key] = directory }, () =>
            Task.Run(() => Directory.Delete(directory, recursive: true))));
    }

    private static string DirectoryOf(IConfiguration configuration) => configuration[Key] is { Length: > 0 } directory
        ? Path.GetFullPath(directory)
        : throw new InvalidOperationException($"{Key} is not set; set it to the directory of the index.");
}
