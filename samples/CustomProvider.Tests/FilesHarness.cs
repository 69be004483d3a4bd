using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex;
using RegistryIndex.Conformance;

namespace Acme.RegistryIndex.Files.Tests;

/// <summary>Creates indexes for the conformance kit, each in a directory of its own.</summary>
public sealed class FilesHarness : ConformanceHarness
{
    public override string Name => "files";

    public override string? WhyNot(Capability capability) => capability switch
    {
        Capability.Predecessor => "No earlier program stored its index in such a file.",
        Capability.PartialFailures or Capability.SlowStore => "Each call reads the file once, and files answer.",
        Capability.KnownSecret => "A directory is opened without a secret.",
        _ => null,
    };

    public override Task<ScratchIndex> CreateAsync(CancellationToken cancellationToken) => Task.FromResult<ScratchIndex>(new Scratch());

    private sealed class Scratch : ScratchIndex
    {
        private readonly string _root = Directory.CreateTempSubdirectory("acme-files-").FullName;
        private readonly Dictionary<IRegistryIndex, ServiceProvider> _opened = [];

        private string Index => Path.Combine(_root, "index");

        /// <summary>Opens the index as the server does, so that the selection by name is tested too.</summary>
        public override Task<IRegistryIndex> OpenAsync(CancellationToken cancellationToken)
        {
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([new("search_backend", "Acme.RegistryIndex.Files"), new("acme_files_directory", Index)])
                .Build();
            var services = new ServiceCollection().AddRegistryIndex(configuration).BuildServiceProvider();
            var index = services.GetRequiredService<IRegistryIndex>();
            _opened.Add(index, services);
            return Task.FromResult(index);
        }

        public override IRegistryIndexSource? FindSource(IRegistryIndex index) => _opened[index].GetService<IRegistryIndexSource>();

        public override Task BreakAsync(CancellationToken cancellationToken)
        {
            Directory.Move(Index, Index + ".away");
            return File.WriteAllTextAsync(Index, "in the way", cancellationToken);
        }

        /// <summary>Replaces the index with a file that is not an index. It stays unusable until it is repaired.</summary>
        public override async Task BreakForGoodAsync(CancellationToken cancellationToken)
        {
            await BreakAsync(cancellationToken);
            File.Delete(Index);
            Directory.CreateDirectory(Index);
            await File.WriteAllTextAsync(Path.Combine(Index, "index.json"), "no JSON", cancellationToken);
        }

        public override Task MendAsync(CancellationToken cancellationToken)
        {
            if (Directory.Exists(Index))
                Directory.Delete(Index, recursive: true);
            File.Delete(Index);
            Directory.Move(Index + ".away", Index);
            return Task.CompletedTask;
        }

        public override Task<long> CountWritesAsync(CancellationToken cancellationToken) =>
            Task.FromResult(File.GetLastWriteTimeUtc(Path.Combine(Index, "index.json")).Ticks);

        public override Task PlantForeignDataAsync(CancellationToken cancellationToken)
        {
            Directory.CreateDirectory(Index);
            return File.WriteAllTextAsync(Path.Combine(Index, "notes.txt"), "not the index's", cancellationToken);
        }

        public override async Task<string?> FindDamageToForeignDataAsync(CancellationToken cancellationToken) =>
            await File.ReadAllTextAsync(Path.Combine(Index, "notes.txt"), cancellationToken) == "not the index's" ? null : "notes.txt has changed";

        public override async Task<(string Found, string Expected)> MakeSchemaUnknownAsync(CancellationToken cancellationToken)
        {
            await File.WriteAllTextAsync(Path.Combine(Index, "index.json"), """{"Format":99}""", cancellationToken);
            return ("'99'", "'1'");
        }

        public override async ValueTask DisposeAsync()
        {
            foreach (var services in _opened.Values)
                await services.DisposeAsync();
            Directory.Delete(_root, recursive: true);
        }
    }
}
