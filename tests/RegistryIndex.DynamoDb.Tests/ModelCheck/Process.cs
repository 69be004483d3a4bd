using System.Globalization;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// A process that runs the program's own code and stops wherever that asks the store for anything, until the schedule
/// lets it go on. Where it stands follows from what it has seen and from what it now wants to do.
/// </summary>
internal sealed class Process(string name)
{
    /// <summary>What is seen when something is done, and that is all.</summary>
    public const string Nothing = "ok";

    private readonly List<string> _seen = [];
    private Func<int> _count = () => 0;
    private Func<int, string> _show = _ => "";
    private TaskCompletionSource<int>? _waiting;
    private Task<string> _run = Task.FromResult("");

    public string Name => name;

    /// <summary>What it was asked to do; null for a sweeper.</summary>
    public Operation? Operation { get; init; }

    /// <summary>What it has learned from the store, in order.</summary>
    public IReadOnlyList<string> Seen => _seen;

    /// <summary>Which operations, as bits, had returned something when this one began; null before that.</summary>
    public int? EndedBefore { get; set; }

    /// <summary>Whether its next step is the put of a row that it has found itself young enough for.</summary>
    public bool IsAboutToPut { get; set; }

    /// <summary>Whether the answer to a conditional request of it was lost.</summary>
    public bool WentUnanswered { get; set; }

    /// <summary>Whether it has stopped for ever.</summary>
    public bool IsKilled { get; set; }

    public bool HasEnded => _run.IsCompleted;

    /// <summary>What the operation returned; null while it has not.</summary>
    public string? Result => _run.IsCompletedSuccessfully ? _run.Result : null;

    /// <summary>What went wrong in it, other than an error that the operation may end with.</summary>
    public Exception? Failure => _run.Exception?.InnerException is { } error and not RegistryIndexException ? error : null;

    /// <summary>How many things it may do next; none when it has ended or was killed.</summary>
    public int Choices => IsKilled || _waiting is null ? 0 : _count();

    public void Start(Func<Task<string>> run)
    {
        _run = run();
        ThrowIfLost();
    }

    /// <summary>Waits until the schedule chooses one of what may be done next.</summary>
    public async Task<T> ChooseAsync<T>(Func<IReadOnlyList<T>> choices, Func<T, string> show)
    {
        (_count, _show) = (() => choices().Count, choice => show(choices()[choice]));
        _waiting = new TaskCompletionSource<int>(); // what waits for it runs at once, on the thread of the schedule
        var chosen = await _waiting.Task;
        return choices()[chosen];
    }

    public Task ChooseAsync(string only) => ChooseAsync<string>(() => [only], what => what);

    public string Show(int choice) => _show(choice);

    public void Saw(string what) => _seen.Add(what);

    public void GoOn(int choice)
    {
        var waiting = _waiting!;
        _waiting = null;
        waiting.SetResult(choice);
        ThrowIfLost();
    }

    /// <summary>Says what a step of it was, what it learned from that, and how it ended.</summary>
    /// <param name="what">The step.</param>
    /// <param name="known">How much it had seen before.</param>
    public string Tell(string what, int known)
    {
        var who = known == 0 && Operation is not null ? $"{name} ({Operation.Text})" : name;
        var learned = string.Join(", ", _seen.Skip(known).Where(seen => seen != Nothing));
        var end = HasEnded && Operation is not null ? $"; ends: {Result ?? "failed"}" : "";
        return $"{who}: {what}{(learned.Length > 0 ? " -> " : "")}{learned}{end}";
    }

    /// <summary>All that its future depends on, as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{name}{EndedBefore}{(IsKilled ? "!" : "")}[{string.Join(';', _seen)}]{(HasEnded ? Result ?? "failed" : string.Join(',', Enumerable.Range(0, Choices).Select(_show).Order(StringComparer.Ordinal)))}");

    private void ThrowIfLost()
    {
        if (!_run.IsCompleted && _waiting is null)
            throw new InvalidOperationException($"{name} waits for something that the schedule does not know of.");
    }
}
