using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;
using RegistryIndex.Web.Tests.Sites;

[assembly: AssemblyFixture(typeof(Site))]

namespace RegistryIndex.Web.Tests.Sites;

/// <summary>A real server with an index of <see cref="Content"/>, which follows a real registry that logs.</summary>
public sealed class Site : IAsyncLifetime
{
    /// <summary>The address under which people pull.</summary>
    public const string PublicUrl = "https://registry.example.com";

    private readonly TemporaryDirectory _directory = new();
    private RegistryIndexProcess _server = null!;

    /// <summary>The registry, which has three tags of <see cref="Content.Web"/>.</summary>
    public DockerRegistry Registry { get; private set; } = null!;

    /// <summary>The server's address, without a slash at its end.</summary>
    public string Address => $"http://{_server.Address}";

    public async ValueTask InitializeAsync()
    {
        Registry = await DockerRegistry.StartAsync();
        using var images = new HandMadeImages(Registry.Address);
        foreach (var tag in (string[])["2.4.1", "2.4.0", "latest"])
            await images.ImageAsync(Content.Web, tag);
        await ImportAsync(_directory.Path, Content.Lines);
        _server = await ServeAsync(_directory.Path, $"registry=http://{Registry.Address}", "sync_interval=0", $"registry_public_url={PublicUrl}", "ui_title=Example registry");
    }

    /// <summary>Fills a new index.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="lines">What to import.</param>
    public static async Task ImportAsync(string directory, string lines)
    {
        var import = await RegistryIndexProcess.RunWithInputAsync(lines, "import", "-", "--database", Database(directory));
        import.ExitCode.Should().Be(0, import.Stderr);
    }

    /// <summary>Starts a server on the index in a directory, and waits until it answers searches.</summary>
    /// <param name="directory">Where the index is.</param>
    /// <param name="settings">Each as key=value.</param>
    public static async Task<RegistryIndexProcess> ServeAsync(string directory, params string[] settings)
    {
        var server = await RegistryIndexProcess.ServeAsync(["--database", Database(directory), .. settings.SelectMany(setting => (string[])["--set", setting])]);
        await server.WaitForAsync("Ready: searches are answered");
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Registry.DisposeAsync();
        _directory.Dispose();
    }

    private static string Database(string directory) => $"sqlite:///{Path.Combine(directory, "index.db")}";
}
