using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Deployment.Tests.Images;

/// <summary>Docker's engine on this machine.</summary>
internal static class LocalDocker
{
    /// <summary>Starts the engine, or skips the test if the engine cannot run here.</summary>
    public static async Task<DockerEngine> StartAsync(bool withNetworks = false)
    {
        try
        {
            return await DockerEngine.StartAsync(withNetworks);
        }
        catch (InvalidOperationException error)
        {
            Assert.Skip(error.Message);
            throw;
        }
    }
}
