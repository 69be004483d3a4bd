using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Model;

/// <summary>An operation on both the provider and the reference. Their answers must agree.</summary>
internal abstract record Step
{
    public abstract Task RunAsync(ReferenceComparison duel);

    /// <summary>Simpler forms of the step that may also fail, simplest first.</summary>
    public virtual IEnumerable<Step> Simpler() => [];

    /// <summary>The step as a failure message shows it.</summary>
    public abstract override string ToString();

    /// <summary>Returns the step as text that includes the given repositories among those shown.</summary>
    public virtual string Tell(IReadOnlyCollection<string> names) => ToString();
}

internal sealed record UpsertStep(Repository Repository) : Step
{
    public override async Task RunAsync(ReferenceComparison duel)
    {
        if (Repository.FindProblem() is not null)
        {
            await Expect.ThrowsAsync<ArgumentException>(() => duel.Index.UpsertAsync(Repository, duel.Cancellation), ToString()).ConfigureAwait(false);
            return;
        }

        var expected = await duel.Reference.UpsertAsync(Repository, duel.Cancellation).ConfigureAwait(false);
        Expect.Equal(expected, await duel.Index.UpsertAsync(Repository, duel.Cancellation).ConfigureAwait(false), ToString());
    }

    public override IEnumerable<Step> Simpler() => Simplify.Repository(Repository).Select(repository => new UpsertStep(repository));

    public override string ToString() => $"upsert {Show.Repository(Repository)}";
}

internal sealed record DeleteStep(string Name) : Step
{
    public override async Task RunAsync(ReferenceComparison duel) => Expect.Equal(
        await duel.Reference.DeleteAsync(Name, duel.Cancellation).ConfigureAwait(false),
        await duel.Index.DeleteAsync(Name, duel.Cancellation).ConfigureAwait(false),
        ToString());

    public override IEnumerable<Step> Simpler() => Simplify.Text(Name).Select(name => new DeleteStep(name));

    public override string ToString() => $"delete {Show.Text(Name)}";
}

internal sealed record GetStep(string Name) : Step
{
    public override async Task RunAsync(ReferenceComparison duel) => Expect.Equal(
        await duel.Reference.GetAsync(Name, duel.Cancellation).ConfigureAwait(false),
        await duel.Index.GetAsync(Name, duel.Cancellation).ConfigureAwait(false),
        ToString());

    public override IEnumerable<Step> Simpler() => Simplify.Text(Name).Select(name => new GetStep(name));

    public override string ToString() => $"get {Show.Text(Name)}";
}

internal sealed record ListStep(string? After) : Step
{
    public override async Task RunAsync(ReferenceComparison duel) => Expect.Repositories(
        await duel.Reference.ListAsync(After, duel.Cancellation).ToListAsync(duel.Cancellation).ConfigureAwait(false),
        await duel.Index.ListAsync(After, duel.Cancellation).ToListAsync(duel.Cancellation).ConfigureAwait(false),
        ToString());

    public override IEnumerable<Step> Simpler() => After is null ? [] : [new ListStep(After: null), .. Simplify.Text(After).Select(after => new ListStep(after))];

    public override string ToString() => After is null ? "list" : $"list after {Show.Text(After)}";
}

internal sealed record ImportStep(IReadOnlyList<Repository> Repositories, bool KeepDescriptions) : Step
{
    public override async Task RunAsync(ReferenceComparison duel)
    {
        var (expected, expectedRefused) = await ImportAsync(duel.Reference, duel.Cancellation).ConfigureAwait(false);
        var (came, refused) = await ImportAsync(duel.Index, duel.Cancellation).ConfigureAwait(false);
        Expect.Equal(expected, came, ToString());
        Expect.Names(expectedRefused, refused, $"the refused repositories of {this}");
    }

    public override IEnumerable<Step> Simpler()
    {
        if (KeepDescriptions)
            yield return this with { KeepDescriptions = false };
        for (var i = 0; i < Repositories.Count && Repositories.Count <= 20; i++)
        {
            foreach (var simpler in Simplify.Repository(Repositories[i]))
                yield return this with { Repositories = [.. Repositories.Take(i), simpler, .. Repositories.Skip(i + 1)] };
        }
    }

    public override string ToString() => Tell([]);

    public override string Tell(IReadOnlyCollection<string> names) =>
        $"import{(KeepDescriptions ? ", keeping descriptions" : "")}: {Show.Around(Repositories, repository => names.Contains(repository.Name), Show.Repository)}";

    private async Task<(ImportResult Result, List<string> Refused)> ImportAsync(IRegistryIndex index, CancellationToken cancellation)
    {
        var refused = new List<string>();
        var options = new ImportOptions { KeepDescriptions = KeepDescriptions, Refused = row => refused.Add(row.Repository.Name) };
        return (await index.ImportAsync(Repositories.ToAsyncEnumerable(), options, cancellation).ConfigureAwait(false), refused);
    }
}

internal sealed record SearchStep(string Query, int Limit) : Step
{
    public override async Task RunAsync(ReferenceComparison duel)
    {
        if (ResultPages.FindProblem(Query) is not null)
            return;
        var expected = await ResultPages.AllAsync(duel.Reference, Query, SearchRequest.MaxLimit, duel.Cancellation).ConfigureAwait(false);
        var came = await ResultPages.SomeAsync(duel.Index, Query, Limit, 10 * Limit, duel.Cancellation).ConfigureAwait(false);
        Expect.Repositories([.. expected.Take(Math.Max(10 * Limit, came.Count))], came, ToString());
        var first = await duel.Reference.SearchAsync(new(Query, Limit), duel.Cancellation).ConfigureAwait(false);
        if (first.Continuation is null)
            return;
        var rest = await ResultPages.SomeAsync(duel.Index, Query, Limit, Limit, duel.Cancellation, first.Continuation).ConfigureAwait(false);
        Expect.Repositories([.. expected.Skip(Limit).Take(Math.Max(Limit, rest.Count))], rest, $"{this}, continued from the reference's first page");
    }

    public override IEnumerable<Step> Simpler()
    {
        if (Limit != SearchRequest.MaxLimit)
            yield return this with { Limit = SearchRequest.MaxLimit };
        foreach (var query in Simplify.Text(Query))
            yield return this with { Query = query };
    }

    public override string ToString() => $"search {Show.Text(Query)} with pages of {Limit}";
}

internal sealed record PushedStep(int Limit) : Step
{
    public override async Task RunAsync(ReferenceComparison duel)
    {
        var expected = await ResultPages.AllAsync(duel.Reference, "", SearchRequest.MaxLimit, duel.Cancellation, SearchOrder.Pushed).ConfigureAwait(false);
        Expect.Repositories(expected, await ResultPages.AllAsync(duel.Index, "", Limit, duel.Cancellation, SearchOrder.Pushed).ConfigureAwait(false), ToString());
        if ((await duel.Reference.SearchAsync(new("", Limit, order: SearchOrder.Pushed), duel.Cancellation).ConfigureAwait(false)).Continuation is { } continuation)
        {
            var rest = await ResultPages.SomeAsync(duel.Index, "", Limit, int.MaxValue, duel.Cancellation, continuation, SearchOrder.Pushed).ConfigureAwait(false);
            Expect.Repositories([.. expected.Skip(Limit)], rest, $"{this}, continued from the reference's first page");
        }
    }

    public override IEnumerable<Step> Simpler() => Limit == SearchRequest.MaxLimit ? [] : [new PushedStep(SearchRequest.MaxLimit)];

    public override string ToString() => $"search in the order of the last push with pages of {Limit}";
}

internal sealed record MarkStep(string Name, string? Expected, string? Replacement) : Step
{
    public override async Task RunAsync(ReferenceComparison duel)
    {
        Expect.Equal(
            await duel.Reference.TryReplaceMarkAsync(Name, Expected, Replacement, duel.Cancellation).ConfigureAwait(false),
            await duel.Index.TryReplaceMarkAsync(Name, Expected, Replacement, duel.Cancellation).ConfigureAwait(false),
            ToString());
        Expect.Equal(
            await duel.Reference.ReadMarkAsync(Name, duel.Cancellation).ConfigureAwait(false),
            await duel.Index.ReadMarkAsync(Name, duel.Cancellation).ConfigureAwait(false),
            $"the mark after {this}");
    }

    public override string ToString() => $"replace mark {Name}: {Show.Text(Expected)} by {Show.Text(Replacement)}";
}

internal sealed record InitializeAgainStep : Step
{
    public override Task RunAsync(ReferenceComparison duel) => duel.Index.InitializeAsync(duel.Cancellation);

    public override string ToString() => "initialize again";
}

internal sealed record OtherProcessStep : Step
{
    public override Task RunAsync(ReferenceComparison duel) => duel.SwitchAsync();

    public override string ToString() => "go on in another process";
}
