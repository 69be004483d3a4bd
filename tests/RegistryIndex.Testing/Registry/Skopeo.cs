namespace RegistryIndex.Testing.Registry;

/// <summary>The client skopeo, for registries that use plain HTTP.</summary>
public static class Skopeo
{
    /// <summary>Pushes the image or index of an OCI layout.</summary>
    /// <param name="layout">The layout's directory.</param>
    /// <param name="destination">The destination, such as <c>127.0.0.1:5000/team/web:latest</c>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Task CopyAsync(string layout, string destination, CancellationToken cancellationToken = default) =>
        RunAsync(["copy", "--all", "--dest-tls-verify=false", $"oci:{layout}", $"docker://{destination}"], cancellationToken);

    /// <summary>Deletes the manifest that a tag points to, and with it all tags that point to it.</summary>
    public static Task DeleteAsync(string image, CancellationToken cancellationToken = default) =>
        RunAsync(["delete", "--tls-verify=false", $"docker://{image}"], cancellationToken);

    /// <summary>Returns the registry's description of an image, as JSON.</summary>
    public static Task<string> InspectAsync(string image, CancellationToken cancellationToken = default) =>
        RunAsync(["inspect", "--tls-verify=false", $"docker://{image}"], cancellationToken);

    private static async Task<string> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        // The machine's policy for signatures does not matter here.
        var result = await ProcessRunner.RunAsync("skopeo", ["--insecure-policy", .. arguments], cancellationToken);
        return result.ExitCode == 0
            ? result.Stdout
            : throw new InvalidOperationException($"skopeo {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Stderr}");
    }
}
