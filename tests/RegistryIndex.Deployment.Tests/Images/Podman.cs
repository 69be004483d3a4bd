using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Deployment.Tests.Images;

/// <summary>Podman with a storage of its own that contains the server's image. Its containers end with it.</summary>
public sealed class Podman(ServerImage image) : IAsyncLifetime
{
    private readonly TemporaryDirectory _home = new();
    private readonly List<string> _containers = [];

    // The options that the documents recommend, and limits that a test in a container can set as root.
    private static readonly string[] Hardened =
        ["--read-only", "--read-only-tmpfs=false", "--cap-drop", "all", "--security-opt", "no-new-privileges", "--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096"];

    private string[] Global =>
    [
        "--root", Path.Combine(_home.Path, "root"), "--runroot", Path.Combine(_home.Path, "run"), "--storage-driver", "vfs",
        .. File.Exists("/usr/sbin/runc") || File.Exists("/usr/bin/runc") ? (string[])["--runtime", "runc"] : [], // crun refuses cgroups of both versions
    ];

    public async ValueTask InitializeAsync() => await RunAsync("load", "-q", "-i", image.Archive);

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers)
            await TryAsync("rm", "-f", "-t", "0", container);
        await TryAsync("volume", "rm", "-a", "-f");
        await TryAsync("rmi", "-a", "-f");
        _home.Dispose();
    }

    /// <summary>Starts a container of the server, hardened.</summary>
    /// <param name="options">Options of <c>podman run</c>.</param>
    /// <param name="arguments">The arguments of the server.</param>
    /// <returns>The container's name.</returns>
    public async Task<string> ServeAsync(string[] options, params string[] arguments)
    {
        var name = $"registry-index-{Guid.NewGuid():n}";
        _containers.Add(name);
        await RunAsync(["run", "-d", "--name", name, .. Hardened, .. options, $"localhost/{ServerImage.Name}", .. arguments]);
        return name;
    }

    /// <exception cref="InvalidOperationException">The exit code is not 0.</exception>
    public Task<string> RunAsync(params string[] arguments) => ServerImage.RunAsync("podman", [.. Global, .. arguments]);

    public Task<ProcessResult> TryAsync(params string[] arguments) => ProcessRunner.RunAsync("podman", [.. Global, .. arguments], TestContext.Current.CancellationToken);

    /// <summary>Evaluates a template for a container.</summary>
    public async Task<string> InspectAsync(string container, string template) => (await RunAsync("inspect", container, "--format", template)).Trim();

    /// <summary>Waits until the health check in the container succeeds.</summary>
    public Task UntilHealthyAsync(string container, params string[] options) => Eventually.BeAsync(async () =>
        (await TryAsync(["exec", container, "/app/registry-index", "healthcheck", .. options])).ExitCode == 0
        || (await InspectAsync(container, "{{.State.Status}}") != "running" ? throw new InvalidOperationException($"The server has ended: {(await TryAsync("logs", container)).Stderr}") : false));
}
