namespace RegistryIndex.Conformance.Model;

/// <summary>Random histories. Names repeat, so that steps affect each other and requested repositories often exist.</summary>
internal sealed class RandomHistory(int seed, bool severalProcesses)
{
    private static readonly string[] MarkNames = ["first-load", "sync"];
    private readonly RandomData _data = new(seed);
    private bool _hasFacts;
    private readonly Dictionary<string, Repository> _there = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _marks = new(StringComparer.Ordinal);

    /// <summary>Returns writes of all kinds with reads between them.</summary>
    public IReadOnlyList<Step> OfEverything(int length) => [.. Enumerable.Range(0, length).Select(_ => Next()), new ListStep(After: null), new SearchStep("", 7)];

    /// <summary>Returns an import of many repositories, then queries.</summary>
    public IReadOnlyList<Step> OfQueries(int repositories, int queries)
    {
        Step[] import = [Import(repositories)];
        return [.. import, .. Enumerable.Range(0, queries).Select(_ => Search())];
    }

    /// <summary>Returns writes of facts, with searches in the order of the last push between them.</summary>
    public IReadOnlyList<Step> OfFacts(int length)
    {
        _hasFacts = true;
        return [.. Enumerable.Range(0, length).Select(_ => _data.Next(4) == 0 ? new PushedStep(_data.Limit()) : Next()), new ListStep(After: null), new PushedStep(3)];
    }

    private Step Next() => _data.Next(20) switch
    {
        < 6 => Upsert(),
        < 8 => Delete(),
        < 9 => Import(_data.Next(12)),
        < 14 => Search(),
        < 15 => new GetStep(SomeName()),
        < 16 => new ListStep(_data.Next(3) == 0 ? null : _data.Next(4) == 0 ? _data.OddName() : SomeName()),
        < 18 => Mark(),
        < 19 when severalProcesses => new OtherProcessStep(),
        _ => new InitializeAgainStep(),
    };

    private UpsertStep Upsert()
    {
        var repository = Repository();
        Remember(repository);
        return new(repository);
    }

    private DeleteStep Delete()
    {
        var name = SomeName();
        _there.Remove(name);
        return new(name);
    }

    private ImportStep Import(int count)
    {
        Repository[] repositories = [.. Enumerable.Range(0, count).Select(_ => Repository())];
        foreach (var repository in repositories)
            Remember(repository);
        return new(repositories, KeepDescriptions: _data.Next(3) == 0);
    }

    private SearchStep Search() => new(_data.Query([.. _there.Values]), _data.Limit());

    private MarkStep Mark()
    {
        var name = _data.Pick(MarkNames);
        var now = _marks.GetValueOrDefault(name);
        var expected = _data.Next(4) == 0 ? $"wrong {_data.Next(3)}" : now;
        var replacement = _data.Next(4) == 0 ? null : $"text {_data.Next(5)} ß😀";
        if (expected == now)
            _marks[name] = replacement;
        return new(name, expected, replacement);
    }

    private Repository Repository() => _data.Next(25) == 0 ? new(_data.OddName(), _data.Description()) : new(SomeName(), _data.Description(), _hasFacts ? _data.Facts() : null);

    private string SomeName() => _there.Count > 0 && _data.Next(2) == 0 ? _data.Pick([.. _there.Keys]) : _data.Name();

    private void Remember(Repository repository)
    {
        if (repository.FindProblem() is null)
            _there[repository.Name] = repository;
    }
}
