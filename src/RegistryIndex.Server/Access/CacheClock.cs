using Microsoft.Extensions.Internal;

namespace RegistryIndex.Server.Access;

/// <summary>The clock of a memory cache.</summary>
internal sealed class CacheClock(TimeProvider time) : ISystemClock
{
    public DateTimeOffset UtcNow => time.GetUtcNow();
}
