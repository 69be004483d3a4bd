namespace RegistryIndex.Server.References;

/// <summary>The host of an address as DNS has it.</summary>
internal static class DnsHost
{
    /// <returns>The host; null when DNS can have no such name, which .NET finds only when it is asked for it.</returns>
    public static string? Of(Uri address)
    {
        try
        {
            return address.IdnHost;
        }
        catch (UriFormatException)
        {
            return null;
        }
    }
}
