using System.Globalization;
using RegistryIndex.Synchronization;
using Spectre.Console;

namespace RegistryIndex.Server.Terminal;

/// <summary>Shows the progress of long work on standard error: a live line on a terminal, an occasional plain line in a log.</summary>
/// <param name="time">The clock.</param>
/// <param name="expected">The approximate number of repositories; 0 when it is not known.</param>
/// <param name="before">How many of them an earlier run has processed.</param>
internal sealed class Progress(TimeProvider time, long expected = 0, long before = 0) : IProgress<ImportResult>, IProgress<LoadProgress>, IProgress<long>
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private readonly long _start = time.GetTimestamp();
    private long _lastPlain = time.GetTimestamp();
    private StatusContext? _live;

    public async Task<T> RunAsync<T>(string what, Func<Task<T>> work)
    {
        if (Console.IsErrorRedirected)
            return await work();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Status().StartAsync(what, context =>
        {
            _live = context;
            return work();
        });
    }

    public void Report(ImportResult value) => Show(() => Text(value) + Left(value.Total));

    public void Report(LoadProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Report(value.Result);
    }

    public void Report(long value) => Show(() => string.Create(CultureInfo.InvariantCulture, $"{value:n0} repositories"));

    /// <summary>Shows a text: at once on a terminal, otherwise only some time after the last one.</summary>
    public void Show(Func<string> text)
    {
        if (_live is not null)
        {
            _live.Status = Markup.Escape(text());
        }
        else if (time.GetElapsedTime(_lastPlain) >= PlainInterval)
        {
            _lastPlain = time.GetTimestamp();
            Console.Error.WriteLine(text());
        }
    }

    public void Done(ImportResult result) => Console.Error.WriteLine(Text(result));

    private string Earlier => before == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {before:n0} of them by an earlier run");

    private string Text(ImportResult result)
    {
        var seconds = time.GetElapsedTime(_start).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture,
            $"{before + result.Total:n0} repositories{Earlier}: {result.Added:n0} added, {result.Updated:n0} updated, {result.Unchanged:n0} unchanged, {result.Refused:n0} refused ({seconds:0.0} s, {result.Total / Math.Max(seconds, 0.001):n0} a second)");
    }

    private string Left(long done)
    {
        if (done == 0 || before + done >= expected)
            return "";
        var left = time.GetElapsedTime(_start) * ((double)(expected - before - done) / done);
        return string.Create(CultureInfo.InvariantCulture, $"; {(double)(before + done) / expected:0%} of {expected:n0}, about {Words(left)} left");
    }

    private static string Words(TimeSpan left) => left switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{left.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{left.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{left.TotalHours:0} h"),
    };
}
