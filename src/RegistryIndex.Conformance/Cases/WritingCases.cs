using RegistryIndex.Conformance.Running;

namespace RegistryIndex.Conformance.Cases;

/// <summary>Upsert, delete and get (contract 2.1 to 2.3, 2.6).</summary>
internal static class WritingCases
{
    private const int Threads = 12;

    public static IEnumerable<ConformanceCase> All { get; } =
    [
        new("an-upsert-says-what-it-did", ["2.1"],
            "An upsert says whether it added, updated or changed nothing.",
            "Loads and imports would report wrong numbers, and a webhook could not tell news from noise.",
            OutcomesAsync),
        new("the-last-writer-wins", ["2.1"],
            "The description of the last upsert is the one that is there, once.",
            "Users would read a text that was corrected long ago, or see a repository twice.",
            LastAsync),
        new("nothing-is-restored-by-a-later-write", ["2.1", "2.3", "2.7"],
            "A description that was removed, or went with its repository, does not come back with a later write, import or start.",
            "A text that was removed, perhaps for a reason, would be public again.",
            NothingRestoredAsync),
        new("one-of-many-at-once-adds", ["2.1", "7.4"],
            "Of many calls that upsert the same new repository at once, one adds it and the others change nothing.",
            "A repository would be there twice, or a caller would get an error for a race that is none of its business.",
            AddAtOnceAsync),
        new("one-of-many-processes-adds", ["2.1"],
            "Of many processes that upsert the same new repository at once, one adds it and the others change nothing.",
            "Two servers that hear of the same push would both count it as new, or one of them would fail.",
            AddInProcessesAsync, Capability.SeveralProcesses),
        new("writers-of-one-name-agree-at-rest", ["2.1", "7.4"],
            "After many have written different descriptions of one repository at once, one of them is there, and every way to look shows it.",
            "The repository would be found by a text that it no longer has, or not by the one that it has.",
            WritersAsync),
        new("writers-in-several-processes-agree-at-rest", ["2.1", "7.4"],
            "After several processes have written different descriptions of one repository at once, one of them is there, and every way to look shows it.",
            "Two servers on one index would damage it.",
            ProcessesAsync, Capability.SeveralProcesses),
        new("an-upsert-that-changes-nothing-says-so", ["2.2"],
            "An upsert of an unchanged repository says Unchanged, every time.",
            "Each push of an image would count as a change.",
            UnchangedAsync),
        new("an-upsert-that-changes-nothing-writes-nothing", ["2.2"],
            "An upsert or import of an unchanged repository writes nothing to the store.",
            "Each push would cost write units, or wear a disk, for nothing.",
            WritesNothingAsync, Capability.WriteCounts),
        new("a-delete-says-whether-there-was-something", ["2.3"],
            "A delete says whether there was something to delete, and can be repeated.",
            "A command could not tell a mistyped name from a removed repository.",
            DeleteAsync),
        new("a-delete-takes-that-name-only", ["2.3", "1.1"],
            "A delete takes exactly the repository of that name: not one of other case, one that begins so, or one that a pattern would match.",
            "Deleting one repository would take others along.",
            DeleteOnlyAsync),
        new("one-of-many-deletes-at-once-removes", ["2.3", "7.4"],
            "Of many calls that delete the same repository at once, one removes it.",
            "Callers that count removed repositories would count one twice.",
            DeleteAtOnceAsync),
        new("one-of-many-processes-removes", ["2.3"],
            "Of many processes that delete the same repository at once, one removes it.",
            "A lock in one process does not help: two servers would both say that they removed it.",
            DeleteInProcessesAsync, Capability.SeveralProcesses),
        new("get-reads-your-own-write", ["2.6"],
            "A get after a write of the same process shows it at once.",
            "A program that reads back its write would see the old state.",
            OwnWriteAsync),
        new("a-text-that-is-no-name-is-not-there", ["2.6", "2.3"],
            "A get or delete of any text that is not a name, including an empty or a very long one, finds nothing and is not an error.",
            "A mistyped name would come out as a failure of the store.",
            NoNameAsync),
    ];

    private static async Task OutcomesAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("a", "one"), run.Cancellation).ConfigureAwait(false), "the first upsert");
        Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(new("a", "one"), run.Cancellation).ConfigureAwait(false), "the same again");
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("a", "One"), run.Cancellation).ConfigureAwait(false), "an upsert with another case");
        Expect.Equal(UpsertOutcome.Updated, await index.UpsertAsync(new("a", "One "), run.Cancellation).ConfigureAwait(false), "an upsert with a space more");
        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("b", "One "), run.Cancellation).ConfigureAwait(false), "an upsert of another name");
        Expect.Equal(true, await index.DeleteAsync("a", run.Cancellation).ConfigureAwait(false), "delete a");
        Expect.Equal(UpsertOutcome.Added, await index.UpsertAsync(new("a", "One "), run.Cancellation).ConfigureAwait(false), "an upsert after the delete");
    }

    private static async Task NothingRestoredAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("deleted", "old text"), new("cleared", "old text"), new("replaced", "old text")).ConfigureAwait(false);
        Expect.Equal(true, await index.DeleteAsync("deleted", run.Cancellation).ConfigureAwait(false), "delete deleted");
        await run.StoreAsync(index, new("cleared"), new("replaced", "new text"), new("other", "text")).ConfigureAwait(false);
        Expect.Equal(new ImportResult { Added = 1, Unchanged = 2 }, await index.ImportAsync(((Repository[])[new("deleted"), new("cleared"), new("replaced")]).ToAsyncEnumerable(), new() { KeepDescriptions = true }, run.Cancellation).ConfigureAwait(false), "import, keeping descriptions");
        await index.InitializeAsync(run.Cancellation).ConfigureAwait(false);
        await run.HoldsAsync(index, new("deleted"), new("cleared"), new("replaced", "new text"), new("other", "text")).ConfigureAwait(false);
        Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(new("deleted"), run.Cancellation).ConfigureAwait(false), "upsert of an imported repository");
        await run.FindsAsync(index, "old").ConfigureAwait(false);
    }

    private static async Task LastAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("team/app", "first text"), new("team/app", "second text"), new("team/app", "third")).ConfigureAwait(false);
        await run.HoldsAsync(index, new Repository("team/app", "third")).ConfigureAwait(false);
        await run.StoreAsync(index, new Repository("team/app", "first text")).ConfigureAwait(false);
        await run.HoldsAsync(index, new Repository("team/app", "first text")).ConfigureAwait(false);
        await run.FindsAsync(index, "text", "team/app").ConfigureAwait(false);
    }

    private static async Task AddAtOnceAsync(CaseRun run) => await AddAsync(run, [await run.OpenAsync().ConfigureAwait(false)]).ConfigureAwait(false);

    private static async Task AddInProcessesAsync(CaseRun run) => await AddAsync(run, await run.OpenSeveralAsync(3).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task AddAsync(CaseRun run, IRegistryIndex[] indexes)
    {
        var threads = ThreadsOn(indexes);
        for (var round = 0; round < 3; round++)
        {
            var repository = new Repository($"app/{round}", "the same");
            var outcomes = await run.AtOnceAsync(threads, i => indexes[i % indexes.Length].UpsertAsync(repository, run.Cancellation)).ConfigureAwait(false);
            Expect.Equal(1, outcomes.Count(outcome => outcome == UpsertOutcome.Added), $"how many of {threads} upserts at once added {repository}");
            Expect.Equal(threads - 1, outcomes.Count(outcome => outcome == UpsertOutcome.Unchanged), "how many changed nothing");
        }

        foreach (var index in indexes)
            await run.HoldsAsync(index, new("app/0", "the same"), new("app/1", "the same"), new("app/2", "the same")).ConfigureAwait(false);
    }

    private static async Task WritersAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await WriteAtOnceAsync(run, [index]).ConfigureAwait(false);
    }

    private static async Task ProcessesAsync(CaseRun run) => await WriteAtOnceAsync(run, await run.OpenSeveralAsync(3).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task WriteAtOnceAsync(CaseRun run, IRegistryIndex[] indexes)
    {
        for (var round = 0; round < 4; round++)
        {
            var outcomes = await run.AtOnceAsync(Threads, i => indexes[i % indexes.Length].UpsertAsync(new($"team/app{round % 2}", $"build{round} by{i:d2}"), run.Cancellation)).ConfigureAwait(false);
            Expect.Equal(round < 2 ? 1 : 0, outcomes.Count(outcome => outcome == UpsertOutcome.Added), $"how many of {Threads} upserts at once added team/app{round % 2}");
            foreach (var index in indexes)
            {
                await run.AgreesWithItselfAsync(index).ConfigureAwait(false);
                var there = await index.GetAsync($"team/app{round % 2}", run.Cancellation).ConfigureAwait(false);
                Expect.That(there?.Description?.StartsWith($"build{round} by", StringComparison.Ordinal) == true, $"team/app{round % 2} with a description of round {round}", Show.Repository(there));
                for (var writer = 0; writer < Threads; writer++)
                {
                    var text = $"build{round} by{writer:d2}";
                    await run.FindsAsync(index, text, there!.Description == text ? [there.Name] : []).ConfigureAwait(false);
                }
            }
        }
    }

    private static async Task UnchangedAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Repository[] repositories = [new("plain"), new("with/text", "a text"), new("odd", "  Ünï\n\"😀\" % \\ ")];
        await run.StoreAsync(index, repositories).ConfigureAwait(false);
        for (var round = 0; round < 2; round++)
        {
            foreach (var repository in repositories)
                Expect.Equal(UpsertOutcome.Unchanged, await index.UpsertAsync(repository, run.Cancellation).ConfigureAwait(false), $"upsert of {Show.Repository(repository)}, which is there");
        }

        await run.HoldsAsync(index, repositories).ConfigureAwait(false);
    }

    private static async Task WritesNothingAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Repository[] repositories = [new("plain"), new("with/text", "a text")];
        var before = await CountAsync(run).ConfigureAwait(false);
        await run.StoreAsync(index, repositories).ConfigureAwait(false);
        var after = await CountAsync(run).ConfigureAwait(false);
        Expect.That(after > before, "the harness to count the writes of two new repositories", $"{before} before and {after} after");
        await run.StoreAsync(index, repositories).ConfigureAwait(false);
        Expect.Equal(after, await CountAsync(run).ConfigureAwait(false), "the count of writes after upserts of the same");
        await index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: run.Cancellation).ConfigureAwait(false);
        Expect.Equal(after, await CountAsync(run).ConfigureAwait(false), "the count of writes after an import of the same");
    }

    private static Task<long> CountAsync(CaseRun run) => run.WithScratchAsync("count the writes", scratch => scratch.CountWritesAsync(run.Cancellation));

    private static async Task DeleteAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        await run.StoreAsync(index, new("team/app", "a text"), new("team/web", "a text")).ConfigureAwait(false);
        Expect.Equal(true, await index.DeleteAsync("team/app", run.Cancellation).ConfigureAwait(false), "the first delete");
        Expect.Equal(false, await index.DeleteAsync("team/app", run.Cancellation).ConfigureAwait(false), "the second delete");
        Expect.Equal(false, await index.DeleteAsync("team/never", run.Cancellation).ConfigureAwait(false), "a delete of a repository that never existed");
        await run.HoldsAsync(index, new Repository("team/web", "a text")).ConfigureAwait(false);
        Expect.Equal(null, await index.GetAsync("team/app", run.Cancellation).ConfigureAwait(false), "get of the deleted");
        await run.FindsAsync(index, "app").ConfigureAwait(false);
        await run.FindsAsync(index, "text", "team/web").ConfigureAwait(false);
    }

    private static async Task DeleteOnlyAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Repository[] stay = [new("App"), new("app/web"), new("my-app"), new("axp"), new("app2")];
        await run.StoreAsync(index, [new("app"), new("a_p"), .. stay]).ConfigureAwait(false);
        Expect.Equal(true, await index.DeleteAsync("app", run.Cancellation).ConfigureAwait(false), "delete app");
        Expect.Equal(true, await index.DeleteAsync("a_p", run.Cancellation).ConfigureAwait(false), "delete a_p");
        foreach (var text in (string[])["%", "a%", "a", "aPP", "app ", "*", "app/"])
            Expect.Equal(false, await index.DeleteAsync(text, run.Cancellation).ConfigureAwait(false), $"delete {Show.Text(text)}");
        await run.HoldsAsync(index, stay).ConfigureAwait(false);
    }

    private static async Task DeleteAtOnceAsync(CaseRun run) => await RemoveAsync(run, [await run.OpenAsync().ConfigureAwait(false)]).ConfigureAwait(false);

    private static async Task DeleteInProcessesAsync(CaseRun run) => await RemoveAsync(run, await run.OpenSeveralAsync(3).ConfigureAwait(false)).ConfigureAwait(false);

    private static async Task RemoveAsync(CaseRun run, IRegistryIndex[] indexes)
    {
        var threads = ThreadsOn(indexes);
        for (var round = 0; round < 3; round++)
        {
            await run.StoreAsync(indexes[0], new("app", "a text"), new("stays", "a text")).ConfigureAwait(false);
            var removed = await run.AtOnceAsync(threads, i => indexes[i % indexes.Length].DeleteAsync("app", run.Cancellation)).ConfigureAwait(false);
            Expect.Equal(1, removed.Count(yes => yes), $"how many of {threads} deletes at once removed app");
            foreach (var index in indexes)
                await run.HoldsAsync(index, new Repository("stays", "a text")).ConfigureAwait(false);
        }
    }

    // With several processes, two threads each are enough for conflicts.
    private static int ThreadsOn(IRegistryIndex[] indexes) => indexes.Length == 1 ? Threads : 2 * indexes.Length;

    private static async Task OwnWriteAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        for (var i = 0; i < 30; i++)
        {
            var repository = new Repository("app", $"text {i}");
            await index.UpsertAsync(repository, run.Cancellation).ConfigureAwait(false);
            Expect.Equal(repository, await index.GetAsync("app", run.Cancellation).ConfigureAwait(false), "get after the upsert");
            if (i % 3 != 0)
                continue;
            await index.DeleteAsync("app", run.Cancellation).ConfigureAwait(false);
            Expect.Equal(null, await index.GetAsync("app", run.Cancellation).ConfigureAwait(false), "get after the delete");
        }
    }

    private static async Task NoNameAsync(CaseRun run)
    {
        var index = await run.OpenAsync().ConfigureAwait(false);
        Repository[] there = [new("app", "a text"), new("null")];
        await run.StoreAsync(index, there).ConfigureAwait(false);
        foreach (var text in (string[])["", " ", "app ", "a b", "%", "a%", "_pp", "*", "'", "日本", "😀", "\ud83d", "a\0b", "app\0", "/", "app/", new('a', 300), new('語', 5_000)])
        {
            Expect.Equal(null, await index.GetAsync(text, run.Cancellation).ConfigureAwait(false), $"get {Show.Text(text)}");
            Expect.Equal(false, await index.DeleteAsync(text, run.Cancellation).ConfigureAwait(false), $"delete {Show.Text(text)}");
        }

        await run.HoldsAsync(index, there).ConfigureAwait(false);
    }
}
