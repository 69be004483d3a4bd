using Microsoft.Extensions.Internal;

namespace RegistryIndex.Server.Access;

/// <summary>
/// The clock of a memory cache. It advances evenly when the machine's clock is set forward or back, so that no entry stays for hours.
/// </summary>
internal sealed class CacheClock(TimeProvider time) : ISystemClock
{
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly long _startedAt = time.GetTimestamp();

    public DateTimeOffset UtcNow => _start + time.GetElapsedTime(_startedAt);
}
