using System.Net;
using RegistryIndex.Server.Access;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>How long wrong passwords block a client.</summary>
public sealed class FailedLoginsTests
{
    [Theory]
    [InlineData(-10)]
    [InlineData(0)]
    [InlineData(10)]
    public void A_change_of_the_clock_does_not_change_the_minute_that_a_client_is_locked_out(int hours)
    {
        var time = new SetTime();
        using var failed = new FailedLogins(time);
        for (var attempt = 0; attempt < FailedLogins.MostOfUser; attempt++)
            failed.Add(IPAddress.Loopback, "alice");
        time.Set(TimeSpan.FromHours(hours));
        time.Pass(FailedLogins.Window - TimeSpan.FromSeconds(1));
        failed.AreTooMany(IPAddress.Loopback, "alice").Should().BeTrue();
        time.Pass(TimeSpan.FromSeconds(2));
        failed.AreTooMany(IPAddress.Loopback, "alice").Should().BeFalse();
    }

    private sealed class SetTime : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(50);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _ticks;

        public void Set(TimeSpan difference) => _now += difference;

        public void Pass(TimeSpan time) => (_now, _ticks) = (_now + time, _ticks + time.Ticks);
    }
}
