using System.Runtime.Versioning;
using System.Xml.Linq;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>The index of a container: who mounts the volume decides about its mode.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class VolumeTests
{
    [Theory]
    [InlineData(0b010_111_111_101)] // Kubernetes, with fsGroup
    [InlineData(0b000_111_111_111)] // some provisioners of volumes
    [InlineData(0b000_111_000_000)]
    public async Task The_database_of_the_image_is_in_the_volume_whatever_its_mode(int mode)
    {
        using var volume = new TemporaryDirectory();
        File.SetUnixFileMode(volume.Path, (UnixFileMode)mode);
        var result = await RegistryIndexProcess.RunInEnvironmentAsync(Variables(volume.Path), "load", "--storage-path", Checkout.PathOf("samples", "registry"));
        result.ExitCode.Should().Be(0, result.Stderr);
        File.Exists(Path.Combine(volume.Path, "index.db")).Should().BeTrue();
    }

    private static List<string> Variables(string volume) =>
    [
        .. from variable in XDocument.Load(Checkout.PathOf("src", "RegistryIndex.Server", "Image.targets")).Descendants("ContainerEnvironmentVariable")
           let value = variable.Attribute("Value")!.Value
           where value.Contains("/data", StringComparison.Ordinal)
           select $"{variable.Attribute("Include")!.Value}={value.Replace("/data", volume, StringComparison.Ordinal)}",
    ];
}
