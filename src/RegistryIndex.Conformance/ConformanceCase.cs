using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance;

/// <summary>A test of one requirement that every provider must meet.</summary>
public sealed class ConformanceCase
{
    private readonly Func<CaseRun, Task> _body;

    internal ConformanceCase(string id, string[] clauses, string statement, string meaning, Func<CaseRun, Task> body, params Capability[] needs)
    {
        (Id, Clauses, Statement, Meaning, Needs) = (id, clauses, statement, meaning, needs);
        _body = body;
    }

    /// <summary>The id, in lower case with <c>-</c>. It is stable, so that tests and settings can name it.</summary>
    public string Id { get; }

    /// <summary>The topic, which groups related cases.</summary>
    public string Topic { get; internal init; } = "";

    /// <summary>The clauses of docs/contract.md that the case tests, such as <c>2.4</c>.</summary>
    public IReadOnlyList<string> Clauses { get; }

    /// <summary>The required behaviour, in one sentence.</summary>
    public string Statement { get; }

    /// <summary>What a failure would mean for users.</summary>
    public string Meaning { get; }

    /// <summary>The capabilities that the case needs from the harness.</summary>
    public IReadOnlyList<Capability> Needs { get; }

    /// <summary>Whether the case may take minutes. Quick runs skip it (<see cref="ConformanceOptions.Quick"/>).</summary>
    public bool IsSlow { get; private init; }

    /// <inheritdoc/>
    public override string ToString() => Id;

    internal Task RunAsync(CaseRun run) => _body(run);

    internal ConformanceCase About(string topic, bool isSlow) => new(Id, [.. Clauses], Statement, Meaning, _body, [.. Needs]) { Topic = topic, IsSlow = isSlow };
}
