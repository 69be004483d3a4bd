using RegistryIndex.Conformance.Tests.Memory;
using RegistryIndex.Conformance.Tests.Mutants;

namespace RegistryIndex.Conformance.Tests;

public sealed class FailureTests
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failure_shows_the_calls_the_expectation_the_result_and_the_seed()
    {
        var harness = new MemoryHarness((index, _) => new AlteredIndex(index) { Delete = async (name, cancellation) => await index.DeleteAsync(name, cancellation) || true });
        var result = await ConformanceSuite.RunCaseAsync("a-delete-says-whether-there-was-something", harness, new() { Seed = 7 }, _cancellation);
        result.Message.Should().Be("""
            Done:
              initialize → done
              upsert "team/app" "a text" → Added
              upsert "team/web" "a text" → Added
              delete "team/app" → removed
              delete "team/app" → removed
            Expected: the second delete: False
            Came:     True
            Seed:     7
            """);
    }

    [Fact]
    public async Task An_unexpected_exception_of_the_provider_is_shown_with_the_call_that_threw_it()
    {
        var harness = new MemoryHarness((index, _) => new AlteredIndex(index) { Get = (_, _) => throw new InvalidOperationException("out of order") });
        var result = await ConformanceSuite.RunCaseAsync("get-reads-your-own-write", harness, cancellationToken: _cancellation);
        result.Failure!.Done[^1].Should().Be("get \"app\" → InvalidOperationException: out of order");
        (result.Failure.Expected, result.Failure.Came).Should().Be(("no error", "InvalidOperationException: out of order"));
    }

    [Fact]
    public async Task A_long_history_is_shown_by_its_beginning_and_end()
    {
        var harness = new MemoryHarness((index, _) => new AlteredIndex(index) { Status = _ => throw new IOException("late"), Search = (request, cancellation) => index.SearchAsync(request, cancellation) });
        var deletes = new MemoryHarness((index, _) => new AlteredIndex(index) { Get = async (name, cancellation) => name == "app/" ? new("app") : await index.GetAsync(name, cancellation) });
        var result = await ConformanceSuite.RunCaseAsync("a-text-that-is-no-name-is-not-there", deletes, cancellationToken: _cancellation);
        result.Failure!.Done.Should().HaveCountLessThanOrEqualTo(61);
        result.Failure.Done[^1].Should().StartWith("get \"app/\" →");
        (await ConformanceSuite.RunCaseAsync("the-status-counts-each-repository-once", harness, cancellationToken: _cancellation)).Failure!.Came.Should().Be("IOException: late");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_random_history_is_shrunk_to_the_steps_that_matter_and_its_seed_repeats_it(int seed)
    {
        // After an update, a delete of this provider leaves the row to searches by description.
        var result = await RunAsync("random-histories-go-as-in-the-reference", seed);
        result.Outcome.Should().Be(CaseOutcome.Fail);
        result.Failure!.Done.Should().HaveCount(4);
        result.Failure.Done.Take(2).Should().OnlyContain(line => line.Contains("upsert") || line.Contains("import"));
        result.Failure.Done.Should().ContainSingle(line => line.Contains("delete"));
        result.Failure.Seed.Should().Be(seed);
        (await RunAsync("random-histories-go-as-in-the-reference", seed)).Message.Should().Be(result.Message);

        Task<CaseResult> RunAsync(string id, int from) => ConformanceSuite.RunCaseAsync(id, new MemoryHarness((index, _) => Forgetful(index)), new() { Seed = from }, _cancellation);
    }

    [Fact]
    public async Task Random_queries_are_shrunk_to_one_repository_and_one_query()
    {
        // It does not fold the sigma at the end of a word.
        var harness = new MemoryHarness((index, _) => BruteForce.Folding(index, WrongFolding.Fold));
        var result = await ConformanceSuite.RunCaseAsync("random-queries-find-as-in-the-reference", harness, cancellationToken: _cancellation);
        result.Failure!.Done.Should().HaveCount(2);
        result.Failure.Done[0].Should().MatchRegex("^1\\. import: \"[^\"]+\" \"ς\"$");
        result.Failure.Done[1].Should().MatchRegex("^2\\. search \"[ςσΣ]\" with pages of 100$");
    }

    [Fact]
    public async Task A_difference_among_many_rows_is_shown_with_the_rows_around_it()
    {
        // It omits the first of the results after the first hundred.
        var harness = new MemoryHarness((index, _) => new AlteredIndex(index)
        {
            Search = async (request, cancellation) =>
            {
                var page = await index.SearchAsync(request, cancellation);
                return request.After is null || request.Limit < 100 ? page : page with { Repositories = [.. page.Repositories.Skip(1)] };
            },
        });
        var result = await ConformanceSuite.RunCaseAsync("random-queries-find-as-in-the-reference", harness, cancellationToken: _cancellation);
        result.Outcome.Should().Be(CaseOutcome.Fail);
        var lost = System.Text.RegularExpressions.Regex.Match(result.Failure!.Expected, "after the 100 that are right \\(…, .+?\\): (\"[^\"]+\")").Groups[1].Value;
        lost.Should().NotBeEmpty("the failure is {0}", result.Message);
        result.Failure.Done.Should().HaveCount(2);
        result.Failure.Done[0].Should().Contain(lost).And.EndWith("(101)");
    }

    [Fact]
    public async Task A_failure_after_a_stream_was_read_twice_mentions_the_second_reading()
    {
        var harness = new MemoryHarness((index, _) => new AlteredIndex(index)
        {
            Import = async (stream, options, cancellation) =>
            {
                await index.ImportAsync(stream, options, cancellation);
                return await index.ImportAsync(stream, options, cancellation);
            },
        });
        foreach (var id in (string[])["an-import-counts-what-it-did", "random-histories-go-as-in-the-reference"])
            (await ConformanceSuite.RunCaseAsync(id, harness, cancellationToken: _cancellation)).Failure!.Done.Should().Contain("(the import reads its stream again)");
    }

    [Fact]
    public async Task The_most_specific_failure_is_shown_first()
    {
        var harness = new MemoryHarness((index, _) => new AlteredIndex(index) { Delete = async (name, cancellation) => await index.DeleteAsync(name, cancellation) || true });
        var report = await ConformanceSuite.RunAsync(harness, new() { Quick = true, Histories = 2 }, _cancellation);
        report.Failures.Should().HaveCountGreaterThan(3);
        report.Failures.First().Case.Id.Should().Be("a-delete-says-whether-there-was-something");
        report.Failures.Last().Case.Topic.Should().Be("Histories");
    }

    // Wrong only after an upsert, another upsert of the same name, and its delete.
    private static AlteredIndex Forgetful(MemoryIndex index)
    {
        var (updated, ghosts) = (new HashSet<string>(), new HashSet<Repository>());
        return new(index)
        {
            Upsert = async (r, cancellation) =>
            {
                var outcome = await index.UpsertAsync(r, cancellation);
                if (outcome == UpsertOutcome.Updated)
                    updated.Add(r.Name);
                return outcome;
            },
            Delete = async (name, cancellation) =>
            {
                if (updated.Contains(name) && await index.GetAsync(name, cancellation) is { } ghost)
                    ghosts.Add(ghost);
                return await index.DeleteAsync(name, cancellation);
            },
            Get = async (name, cancellation) => await index.GetAsync(name, cancellation),
            List = (after, cancellation) => index.ListAsync(after, cancellation).Concat(ghosts.Where(r => after is null).ToAsyncEnumerable()),
        };
    }
}
