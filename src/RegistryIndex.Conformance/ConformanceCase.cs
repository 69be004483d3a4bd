using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance;

/// <summary>One thing that every provider must do, tried.</summary>
public sealed class ConformanceCase
{
    private readonly Func<CaseRun, Task> _body;

    internal ConformanceCase(string id, string[] clauses, string statement, string meaning, Func<CaseRun, Task> body, params Capability[] needs)
    {
        (Id, Clauses, Statement, Meaning, Needs) = (id, clauses, statement, meaning, needs);
        _body = body;
    }

    /// <summary>Its name, in lower case with <c>-</c>; stable, so that tests and settings can name it.</summary>
    public string Id { get; }

    /// <summary>What it is about; the cases of one topic are kept together.</summary>
    public string Topic { get; internal init; } = "";

    /// <summary>The clauses of docs/contract.md that it tries, such as <c>2.4</c>.</summary>
    public IReadOnlyList<string> Clauses { get; }

    /// <summary>What a provider does, in one sentence.</summary>
    public string Statement { get; }

    /// <summary>What people would suffer from a provider that fails it.</summary>
    public string Meaning { get; }

    /// <summary>What it needs of the harness.</summary>
    public IReadOnlyList<Capability> Needs { get; }

    /// <summary>Whether it may take minutes, so that quick runs leave it out (<see cref="ConformanceOptions.Quick"/>).</summary>
    public bool IsSlow { get; private init; }

    /// <inheritdoc/>
    public override string ToString() => Id;

    internal Task RunAsync(CaseRun run) => _body(run);

    internal ConformanceCase About(string topic, bool isSlow) => new(Id, [.. Clauses], Statement, Meaning, _body, [.. Needs]) { Topic = topic, IsSlow = isSlow };
}
