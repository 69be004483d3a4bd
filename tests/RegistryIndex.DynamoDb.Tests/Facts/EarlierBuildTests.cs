using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb.Tests.Facts;

/// <summary>A server of an earlier build, without facts, writes beside this build. It does no harm, or the next sweep repairs it.</summary>
public sealed class EarlierBuildTests
{
    private static readonly Repository Web = new("team/web", "A web shop", PushedTexts.Usual(60));
    private static readonly Repository Pushed = new("team/web", "A web shop", PushedTexts.Usual(120));

    private static CancellationToken Stop => TestIndexes.Stop;

    [Fact]
    public async Task A_description_that_an_earlier_build_writes_keeps_the_facts_and_the_order_by_push()
    {
        await using var tables = await TestIndexes.NewAsync();
        var (index, earlier) = (await tables.OpenAsync(), new EarlierBuild(tables));
        await index.UpsertAsync(Web, Stop);
        (await earlier.TryPutAsync(Web.Name, "A new text", await earlier.ReadAsync(Web.Name))).Should().BeTrue();
        await (await tables.OpenAsync()).ShouldFindAsync([new(Web.Name, "A new text", Web.Facts)]);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_push_between_the_read_and_the_write_of_an_earlier_build_is_kept()
    {
        await using var tables = await TestIndexes.NewAsync();
        var (index, earlier) = (await tables.OpenAsync(), new EarlierBuild(tables));
        await index.UpsertAsync(Web, Stop);
        var read = await earlier.ReadAsync(Web.Name);
        await index.UpsertAsync(Pushed, Stop);
        (await earlier.TryPutAsync(Web.Name, "A new text", read)).Should().BeTrue("the description is the one that the earlier build read");
        await (await tables.OpenAsync()).ShouldFindAsync([new(Web.Name, "A new text", Pushed.Facts)]);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_of_an_earlier_build_during_a_push_restarts_the_push(bool isDelete)
    {
        await using var tables = await TestIndexes.NewAsync();
        using var client = tables.NewClient();
        var (index, earlier) = (await tables.OpenAsync(client), new EarlierBuild(tables));
        await index.UpsertAsync(Web, Stop);
        var read = (await earlier.ReadAsync(Web.Name))!;
        var isFirst = true;
        client.Before = async request =>
        {
            if (request is not UpdateItemRequest || !isFirst)
                return;
            isFirst = false;
            (isDelete ? await earlier.TryDeleteAsync(Web.Name, read) : await earlier.TryPutAsync(Web.Name, "A new text", read)).Should().BeTrue();
        };
        (await index.UpsertAsync(Pushed, Stop)).Should().Be(isDelete ? UpsertOutcome.Added : UpsertOutcome.Updated);
        isFirst.Should().BeFalse();
        await index.ShouldFindAsync([Pushed]);
        await tables.SweepAsync(index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task After_a_delete_by_an_earlier_build_no_push_is_found_and_a_sweep_removes_the_postings()
    {
        await using var tables = await TestIndexes.NewAsync();
        var (index, earlier) = (await tables.OpenAsync(), new EarlierBuild(tables));
        await index.UpsertAsync(Web, Stop);
        await index.UpsertAsync(new("other", "In the way of nobody"), Stop);
        (await earlier.TryDeleteAsync(Web.Name, (await earlier.ReadAsync(Web.Name))!)).Should().BeTrue();
        await (await tables.OpenAsync()).ShouldFindAsync([new("other", "In the way of nobody")]);
        (await earlier.TryPutAsync(Web.Name, "Added anew", read: null)).Should().BeTrue();
        await (await tables.OpenAsync()).ShouldFindAsync([new("other", "In the way of nobody"), new(Web.Name, "Added anew")]);
        (await tables.SweepAsync(index)).Orphans.Should().Be(1);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }

    [Fact]
    public async Task A_late_write_of_an_earlier_build_fails_its_condition()
    {
        await using var tables = await TestIndexes.NewAsync();
        var (index, earlier) = (await tables.OpenAsync(), new EarlierBuild(tables));
        await index.UpsertAsync(Web, Stop);
        var read = (await earlier.ReadAsync(Web.Name))!;
        Repository both = new(Web.Name, "Another text", Pushed.Facts);
        await index.UpsertAsync(both, Stop);
        (await earlier.TryPutAsync(Web.Name, "A new text", read)).Should().BeFalse();
        (await earlier.TryDeleteAsync(Web.Name, read)).Should().BeFalse();
        await index.ShouldFindAsync([both]);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }
}
