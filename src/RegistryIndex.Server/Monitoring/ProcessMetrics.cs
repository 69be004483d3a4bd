using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using RegistryIndex.Diagnostics;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Monitoring;

/// <summary>The metrics of the process and of its build, by the names that Prometheus' client libraries give them.</summary>
internal static class ProcessMetrics
{
    public static void Observe(IMeterFactory factory, IRegistryIndex index)
    {
        var meter = factory.Create(RegistryIndexDiagnostics.Name);
        KeyValuePair<string, object?>[] build = [new("version", ServerVersion.Current), new("runtime", RuntimeInformation.FrameworkDescription), new("provider", index.Provider)];
        meter.CreateObservableGauge("registryindex.build_info", () => new Measurement<int>(1, build), description: "1, with the version of the server, its runtime and its provider.");

        using var process = Process.GetCurrentProcess();
        var start = new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000.0;
        meter.CreateObservableGauge("process.start_time", () => start, "s", "When the process started, in seconds since 1970.");
        if (!OperatingSystem.IsIOS() && !OperatingSystem.IsTvOS())
            meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time of the process.");
        meter.CreateObservableGauge("process.resident_memory", () => Environment.WorkingSet, "By", "Memory of the process that is in RAM.");
        if (FileDescriptors.Most() is not { } most)
            return;
        meter.CreateObservableGauge("process.open_fds", FileDescriptors.CountOpen, description: "Open file descriptors.");
        meter.CreateObservableGauge("process.max_fds", () => most, description: "The largest number of open file descriptors.");
    }
}
