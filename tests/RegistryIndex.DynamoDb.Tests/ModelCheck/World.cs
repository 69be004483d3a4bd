using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.DynamoDb.Searching;
using RegistryIndex.DynamoDb.Writing;

namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>A possible next step.</summary>
/// <param name="Process">The number of the process that continues. Null for another event.</param>
/// <param name="Choice">The number of the process's choice, or of the event.</param>
internal readonly record struct Step(int? Process, int Choice);

/// <summary>One run of a scenario: the tables, the clock, the processes, and the requests between them.</summary>
internal sealed class World
{
    private readonly Scenario _scenario;
    private readonly Dictionary<string, string> _nonces = new(Scenario.OldNonces, StringComparer.Ordinal);
    private readonly List<(string What, bool IsPut, Action Do)> _underWay = [];
    private int _failuresLeft;
    private bool _mayPause;
    private bool _isForgotten;

    public World(Scenario scenario)
    {
        (_scenario, _failuresLeft, _mayPause) = (scenario, scenario.Failures, scenario.Pause != Pause.Never);
        Memory = new RowMemory(Clock);
        Table = new Table(scenario.KeysHoldTheNonce) { Row = scenario.Before };
        foreach (var posting in scenario.PostingsBefore)
            Table.Put(posting);
        foreach (var operation in scenario.Operations)
            Start(new($"W{Processes.Count + 1}") { Operation = operation }, Clock.Ahead(scenario.WritersAhead), operation.KnowsFacts, store => operation.ActAsync?.Invoke(store)
                ?? operation.RunAsync(new RepositoryWriter(scenario.Between(store), store.Time, NullLogger.Instance)));
        for (var number = 1; number <= scenario.Sweepers; number++)
            Start(new($"S{number}"), Clock.Ahead(scenario.SweepersAhead), knowsFacts: true, SweepAsync);
    }

    public Table Table { get; }

    public ModelClock Clock { get; } = new();

    public List<Process> Processes { get; } = [];

    /// <summary>The row cache. All operations are calls of one index.</summary>
    public RowMemory Memory { get; }

    /// <summary>Whether the search table was lost and recreated.</summary>
    public bool IsSearchTableLost { get; private set; }

    /// <summary>Whether a row was being written when the search table was lost.</summary>
    public bool WasWrittenWhenLost { get; private set; }

    /// <summary>The lost row.</summary>
    public RepositoryRow? LostRow { get; private set; }

    /// <summary>Whether another request may fail.</summary>
    public bool MayFail => _failuresLeft > 0;

    /// <summary>Whether the arrival of an answer is a step of its own.</summary>
    public bool AnswersTakeTime => _mayPause;

    /// <summary>The row was written, or may have been written, and its writer is about to get the answer.</summary>
    public void Forget()
    {
        if (!_scenario.ForgetsWrites)
            return;
        Memory.Forget(Operation.Name);
        _isForgotten = true;
    }

    /// <summary>The search table is lost and recreated.</summary>
    public void LoseSearchTable()
    {
        IsSearchTableLost = true;
        WasWrittenWhenLost = Processes.Exists(process => process is { HasEnded: false, EndedBefore: not null, Operation: { ActAsync: null } });
        Table.Clear();
    }

    /// <summary>The row is lost, alone or with its table.</summary>
    public void LoseRow() => (LostRow, Table.Row) = (Table.Row, null);

    /// <summary>Whether the operation that a process waits for has ended.</summary>
    public bool MayBegin(Process process) => process.Operation?.After is not { } other || Processes.Exists(one => one.Operation?.Text == other && one.Result is not null);

    /// <summary>All possible next steps.</summary>
    public List<Step> Steps()
    {
        List<Step> steps = [];
        for (var process = 0; process < Processes.Count; process++)
            Add(process, Processes[process].Choices);
        Add(null, _underWay.Count + (_mayPause ? 1 : 0));
        return steps;

        void Add(int? process, int choices)
        {
            for (var choice = 0; choice < choices; choice++)
                steps.Add(new(process, choice));
        }
    }

    public void Do(Step step)
    {
        if (step.Process is { } process)
            GoOn(Processes[process], step.Choice);
        else if (step.Choice < _underWay.Count)
            Arrive(step.Choice);
        else
            PassTime();
    }

    /// <summary>A request fails. What remains of it arrives at any later time, or never.</summary>
    public void Fail(string what = "", bool isPut = false, Action? later = null)
    {
        _failuresLeft--;
        if (later is not null)
            _underWay.Add((what, isPut, later));
    }

    /// <summary>Gives a nonce a name that is the same in all runs that reach the same state.</summary>
    public void Meet(string? nonce, Process process)
    {
        if (nonce is null || _nonces.ContainsKey(nonce))
            return;
        var number = 1 + _nonces.Values.Count(other => other.StartsWith(process.Name + ".", StringComparison.Ordinal));
        var hours = (Nonce.TimeOf(nonce)!.Value - ModelClock.Start).TotalHours;
        _nonces[nonce] = string.Create(CultureInfo.InvariantCulture, $"{process.Name}.{number}{(hours > 0 ? $"+{hours}h" : "")}");
    }

    public string Show(Step step) => step.Process is { } process ? Processes[process].Show(step.Choice)
        : step.Choice < _underWay.Count ? _underWay[step.Choice].What
        : "two hours pass";

    public string Show(RepositoryRow? row) => row is null ? "no row"
        : $"row {row.Stored ?? "nothing"} ({Show(row.NameNonce)}, {Show(row.Nonce)}){(row.FactsNonce is null ? "" : $" {Operation.TextOf(row.Facts)} ({Show(row.FactsNonce)})")}";

    public string Show(Posting posting) => string.Create(CultureInfo.InvariantCulture, $"{posting.Tier}:{posting.Text}@{Show(posting.Nonce)}");

    public string Show(IEnumerable<Posting> postings) => string.Join(' ', postings.Select(Show).Order(StringComparer.Ordinal));

    /// <summary>The whole state, as text. Two runs with the same text have the same future.</summary>
    public override string ToString()
    {
        var underWay = string.Join(',', _underWay.Select(request => request.What).Order(StringComparer.Ordinal));
        var remembered = $"{Operation.TextOf(Memory.Find([Operation.Name]).Values.SingleOrDefault())}{_isForgotten}";
        return $"{remembered}/{Show(Table.Row)}/{Show(Table.Postings)}/{Clock.Elapsed.Ticks}{_mayPause}{_failuresLeft}{IsSearchTableLost}{WasWrittenWhenLost}{Show(LostRow)}/{underWay}/{string.Join('/', Processes)}";
    }

    private string Show(string? nonce) => nonce is null ? "none" : _nonces.GetValueOrDefault(nonce, "later");

    private void Start(Process process, TimeProvider time, bool knowsFacts, Func<ProcessStore, Task<string>> run)
    {
        Processes.Add(process);
        process.Start(() => run(new ProcessStore(this, process, time) { KnowsFacts = knowsFacts }));
    }

    private async Task<string> SweepAsync(ProcessStore store)
    {
        await _scenario.SweepAsync(store, await store.ScanAsync());
        return "done";
    }

    private void GoOn(Process process, int choice)
    {
        process.EndedBefore ??= Processes.Select((other, number) => other is { Result: not null, Operation: not null } ? 1 << number : 0).Sum();
        process.GoOn(choice);
    }

    private void Arrive(int number)
    {
        var request = _underWay[number];
        _underWay.RemoveAt(number);
        request.Do();
    }

    private void PassTime()
    {
        _mayPause = false;
        _isForgotten = false; // the cache does not last that long
        Clock.Advance(TimeSpan.FromHours(2));
        // A request contains the time of its signature, and is refused some minutes later.
        _underWay.RemoveAll(request => request.IsPut);
        if (_scenario.Pause == Pause.ButNotBeforeAPut)
            Processes.FindAll(process => process.IsAboutToPut).ForEach(process => process.IsKilled = true);
    }
}
