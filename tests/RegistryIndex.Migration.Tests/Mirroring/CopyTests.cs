using RegistryIndex.Conformance;
using RegistryIndex.Migration.Tests.Moving;
using RegistryIndex.Testing;

namespace RegistryIndex.Migration.Tests.Mirroring;

/// <summary>An index counts as a copy of another only if no other program can have written to it.</summary>
public sealed class CopyTests : IAsyncLifetime
{
    private readonly Mirrors _mirrors = new();
    private readonly ReferenceIndex _primary = new();
    private readonly ReferenceIndex _secondary = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _mirrors.DisposeAsync();

    [Fact]
    public async Task An_index_written_only_by_mirrors_and_migrations_of_one_index_is_its_copy()
    {
        (await IsCopyAsync()).Should().BeFalse("no mirror has run");
        await MirrorAsync(_primary);
        (await IsCopyAsync()).Should().BeTrue();
        await MirrorAsync(_primary);
        await MigrateAsync(_primary);
        (await IsCopyAsync()).Should().BeTrue();
        (await MirrorMark.IsCopyAsync(_primary, _secondary, Stop)).Should().BeFalse("the direction is wrong");
        (await MirrorMark.IsCopyAsync(_secondary, new ReferenceIndex(), Stop)).Should().BeFalse("it is another index");
    }

    [Fact]
    public async Task An_index_with_earlier_content_is_not_a_copy()
    {
        await _secondary.UpsertAsync(new("mine", "of old"), Stop);
        await MirrorAsync(_primary);
        (await IsCopyAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task An_index_with_the_mark_of_the_first_release_is_not_a_copy()
    {
        await OriginMark.EnsureAsync(_primary, Stop);
        await _secondary.TryReplaceMarkAsync(MirrorMark.Name, null, "2025-11-27T00:17:31.0075272+00:00", Stop);
        await MirrorAsync(_primary);
        (await IsCopyAsync()).Should().BeFalse();
        (await MirrorMark.IsSetAsync(_secondary, Stop)).Should().BeTrue();
    }

    [Theory]
    [InlineData("a server of its own")]
    [InlineData("a mirror of another index")]
    [InlineData("a migration of another index")]
    [InlineData("a migration of an index without an origin")]
    public async Task An_index_that_another_program_has_written_to_is_not_a_copy(string writer)
    {
        await MirrorAsync(_primary);
        await WriteAsync(writer, new("other/app"));
        (await IsCopyAsync()).Should().BeFalse();
        await MirrorAsync(_primary);
        await MigrateAsync(_primary);
        (await IsCopyAsync()).Should().BeFalse("it never becomes a copy again");
    }

    [Fact]
    public async Task A_primary_that_was_a_secondary_is_not_a_copy()
    {
        await MirrorAsync(_primary);
        await using (await _mirrors.OpenAsync(_secondary, _primary))
            await Eventually.BeAsync(() => MirrorMark.IsSetAsync(_primary, Stop));
        (await IsCopyAsync()).Should().BeFalse();
        (await MirrorMark.IsCopyAsync(_primary, _secondary, Stop)).Should().BeFalse();
    }

    [Fact]
    public async Task In_any_order_of_writes_a_copy_has_no_content_of_other_programs()
    {
        string[] others = ["a server of its own", "a mirror of another index", "a migration of another index", "a migration of an index without an origin"];
        var copies = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var (primary, secondary) = (new ReferenceIndex(), new ReferenceIndex());
            await primary.UpsertAsync(new("primary/app"), Stop);
            var slow = new JitteryIndex(secondary, seed);
            var foreign = random.Next(3) == 0 ? null : others[random.Next(others.Length)];
            var isCopy = false;
            var work = new List<Task>
            {
                Begin(random.Next(40), () => MirrorMark.SetAsync(primary, slow, TimeProvider.System, Stop), () => slow.UpsertAsync(new("primary/app"), Stop)),
                Begin(random.Next(80), async () => isCopy = await MirrorMark.IsCopyAsync(slow, primary, Stop), () => Task.CompletedTask),
            };
            if (foreign is not null)
                work.Add(Begin(random.Next(40), () => WriteAsync(foreign, new("other/app"), slow), () => Task.CompletedTask));
            var before = Task.WhenAll(work);
            await before;

            var isCopyNow = await MirrorMark.IsCopyAsync(secondary, primary, Stop);
            isCopyNow.Should().Be(foreign is null, "of seed {0}", seed);
            copies += isCopy ? 1 : 0;
        }

        copies.Should().BePositive("some of the checks ran between the mark of the mirror and the foreign write");

        static Task Begin(int pause, Func<Task> first, Func<Task> then) => Task.Run(
            async () =>
            {
                for (var i = 0; i < pause; i++)
                    await Task.Yield();
                await first();
                await then();
            }, Stop);
    }

    private Task<bool> IsCopyAsync() => MirrorMark.IsCopyAsync(_secondary, _primary, Stop);

    private async Task MirrorAsync(IRegistryIndex primary)
    {
        await using var mirror = await _mirrors.OpenAsync(primary, _secondary);
        await mirror.UpsertAsync(new("team/app"), Stop);
        await Mirrors.CaughtUpAsync(mirror);
    }

    private Task MigrateAsync(IRegistryIndex source) => MigrateAsync(source, _secondary);

    private static async Task MigrateAsync(IRegistryIndex source, IRegistryIndex target)
    {
        await MirrorMark.NoteWriterAsync(target, await OriginMark.ReadAsync(source, Stop), Stop);
        await (await Migrations.TakeAsync(Migrations.SourceOf(source), target)).RunAsync(delete: false, Stop);
    }

    private async Task WriteAsync(string writer, Repository repository, IRegistryIndex? target = null)
    {
        target ??= _secondary;
        var other = new ReferenceIndex();
        await other.UpsertAsync(repository, Stop);
        switch (writer)
        {
            case "a server of its own":
                await new OriginMarkingIndex(target).UpsertAsync(repository, Stop);
                break;
            case "a mirror of another index":
                await using (var mirror = await _mirrors.OpenAsync(other, target))
                {
                    await mirror.UpsertAsync(new(repository.Name, "brought"), Stop);
                    await Mirrors.CaughtUpAsync(mirror);
                }

                break;
            default:
                if (writer == "a migration of another index")
                    await OriginMark.EnsureAsync(other, Stop);
                await MigrateAsync(other, target);
                break;
        }
    }
}
