using System.Globalization;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>
/// A process that runs the program's own code and stops at every request to the store, until the schedule lets it continue. Its position
/// follows from what it has seen and from its next request.
/// </summary>
internal sealed class Process(string name)
{
    /// <summary>The result of a step that returns nothing.</summary>
    public const string Nothing = "ok";

    private readonly List<string> _seen = [];
    private Func<int> _count = () => 0;
    private Func<int, string> _show = _ => "";
    private TaskCompletionSource<int>? _waiting;
    private Task<string> _run = Task.FromResult("");

    public string Name => name;

    /// <summary>The operation that it runs. Null for a sweeper.</summary>
    public Operation? Operation { get; init; }

    /// <summary>The answers of the store, in order.</summary>
    public IReadOnlyList<string> Seen => _seen;

    /// <summary>The operations that had ended when this one began, as bits. Null before it begins.</summary>
    public int? EndedBefore { get; set; }

    /// <summary>Whether its next step is to put a row, after it has checked its age.</summary>
    public bool IsAboutToPut { get; set; }

    /// <summary>Whether the answer to one of its conditional requests was lost.</summary>
    public bool WentUnanswered { get; set; }

    /// <summary>Whether it has stopped for good.</summary>
    public bool IsKilled { get; set; }

    public bool HasEnded => _run.IsCompleted;

    /// <summary>The result of the operation. Null before it ends.</summary>
    public string? Result => _run.IsCompletedSuccessfully ? _run.Result : null;

    /// <summary>Its exception, unless it is one that the operation may end with.</summary>
    public Exception? Failure => _run.Exception?.InnerException is { } error and not RegistryIndexException ? error : null;

    /// <summary>The number of possible next steps. Zero if it has ended or was killed.</summary>
    public int Choices => IsKilled || _waiting is null ? 0 : _count();

    public void Start(Func<Task<string>> run)
    {
        _run = run();
        ThrowIfLost();
    }

    /// <summary>Waits until the schedule selects one of the possible next steps.</summary>
    public async Task<T> ChooseAsync<T>(Func<IReadOnlyList<T>> choices, Func<T, string> show)
    {
        (_count, _show) = (() => choices().Count, choice => show(choices()[choice]));
        _waiting = new TaskCompletionSource<int>(); // the continuation runs at once, on the thread of the schedule
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

    /// <summary>Describes one of its steps, the answers to it, and how it ended.</summary>
    /// <param name="what">The step.</param>
    /// <param name="known">The number of answers before the step.</param>
    public string Tell(string what, int known)
    {
        var who = known == 0 && Operation is not null ? $"{name} ({Operation.Text})" : name;
        var learned = string.Join(", ", _seen.Skip(known).Where(seen => seen != Nothing));
        var end = HasEnded && Operation is not null ? $"; ends: {Result ?? "failed"}" : "";
        return $"{who}: {what}{(learned.Length > 0 ? " -> " : "")}{learned}{end}";
    }

    /// <summary>Everything that its future depends on, as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{name}{EndedBefore}{(IsKilled ? "!" : "")}[{string.Join(';', _seen)}]{(HasEnded ? Result ?? "failed" : string.Join(',', Enumerable.Range(0, Choices).Select(_show).Order(StringComparer.Ordinal)))}");

    private void ThrowIfLost()
    {
        if (!_run.IsCompleted && _waiting is null)
            throw new InvalidOperationException($"{name} waits for something that the schedule does not know of.");
    }
}
