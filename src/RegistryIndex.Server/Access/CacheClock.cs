using Microsoft.Extensions.Internal;

namespace RegistryIndex.Server.Access;

/// <summary>The clock of a memory cache. It goes on evenly where the machine's clock is set forward or back, so that nothing is remembered for hours.</summary>
internal sealed class CacheClock(TimeProvider time) : ISystemClock
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _startedAt = time.GetTimestamp();

    public DateTimeOffset UtcNow => _start + time.GetElapsedTime(_startedAt);
}
