using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Writing;
using RegistryIndex.Testing;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>The data of a predecessor is adopted in place, and the predecessor can still read it.</summary>
public sealed class AdoptionTests
{
    [Fact]
    public async Task A_predecessors_tables_are_adopted_and_the_predecessor_can_still_use_them()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.MakeLegacyTablesAsync();
        Repository[] legacy =
        [
            new("library/ubuntu", "Linux for people"), new("Team/Web", "A web shop"), new("me/my app", "name with a space"), new("你好/世界", "not ASCII"),
            new("!a/ b", "marks !"), new("x//y/", null), new("long", new string('w', 340) + " " + new string('x', 200)),
        ];
        foreach (var repository in legacy)
            await tables.PutLegacyRowAsync(repository.Name, repository.Description);
        Repository[] expected = [.. legacy.Select(repository => new Repository(repository.Name, RepositoryDescription.FromIngest(repository.Description)))];

        var index = await tables.OpenAsync();
        (await index.IsAdoptedAsync(TestIndexes.Stop)).Should().BeTrue("a small index is adopted during the start");
        await index.ShouldFindAsync(expected);
        foreach (var query in new[] { "my", "app", "y a", "好", "世", "你好/", "shop", "team", "!", "x//y", "/y/", "www", "marks !" })
        {
            var parsed = SearchQuery.Parse(query);
            (await Expectations.AllOfAsync(index, query)).Should().Equal(
                expected.Where(repository => parsed.Rank(repository) is not null).OrderBy(repository => parsed.Rank(repository)!.Value), $"of '{query}'");
        }

        var rows = await tables.ItemsOfAsync(tables.Options.RepositoryTable);
        rows.Select(row => new Repository(row["name"].S, row.GetValueOrDefault("description")?.S)).Should().BeEquivalentTo(legacy);
        (await tables.ItemsOfAsync(tables.Options.VersionTable)).Should().ContainSingle().Which["version"].N.Should().Be("1");
        var described = await tables.Client.DescribeTableAsync(tables.Options.RepositoryTable, TestIndexes.Stop);
        described.Table.GlobalSecondaryIndexes.Should().ContainSingle("rows of others are not changed");
    }

    [Fact]
    public async Task Searches_and_lists_are_complete_while_a_large_table_is_adopted()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.MakeLegacyTablesAsync();
        var texts = new RandomTexts(31);
        List<Repository> legacy = [.. Enumerable.Range(0, 600).Select(number => new Repository($"{texts.Name()}/{number}"))];
        foreach (var chunk in legacy.Chunk(50))
            await Task.WhenAll(chunk.Select(repository => tables.PutLegacyRowAsync(repository.Name, null)));
        using var client = tables.NewClient();
        var isPastFirstPage = false;
        client.Before = async request =>
        {
            // Slow from the second page on, so that the start ends long before the adoption.
            isPastFirstPage |= request is ScanRequest { ExclusiveStartKey.Count: > 0 };
            if (request is BatchWriteItemRequest && isPastFirstPage)
                await Task.Delay(20, TestIndexes.Stop);
        };
        var index = await tables.OpenAsync(client);
        var other = await tables.OpenAsync();
        (await index.IsAdoptedAsync(TestIndexes.Stop)).Should().BeFalse();
        await other.ShouldFindAsync(legacy);
        await other.UpsertAsync(new("a/new", "written meanwhile"), TestIndexes.Stop);
        await other.DeleteAsync(legacy[7].Name, TestIndexes.Stop);
        await other.UpsertAsync(new(legacy[8].Name, "changed meanwhile"), TestIndexes.Stop);
        (await other.UpsertAsync(legacy[9], TestIndexes.Stop)).Should().Be(UpsertOutcome.Unchanged);
        legacy[8] = new(legacy[8].Name, "changed meanwhile");
        legacy.RemoveAt(7);
        legacy.Add(new("a/new", "written meanwhile"));
        await other.ShouldFindAsync(legacy);
        await TestIndexes.AdoptedAsync(other);
        await other.ShouldFindAsync(legacy);
        await index.ShouldFindAsync(legacy);
        await IndexAssertions.NothingIsMissingAsync(tables);
    }

    [Fact]
    public async Task A_process_that_stops_during_the_adoption_releases_it_and_the_next_continues()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.MakeLegacyTablesAsync();
        foreach (var number in Enumerable.Range(0, 600))
            await tables.PutLegacyRowAsync($"r/{number}", null);
        using var client = tables.NewClient();
        var hold = new TaskCompletionSource();
        var isPastFirstPage = false;
        client.Before = request =>
        {
            isPastFirstPage |= request is ScanRequest { ExclusiveStartKey.Count: > 0 };
            return request is BatchWriteItemRequest && isPastFirstPage ? hold.Task : Task.CompletedTask;
        };
        var first = await tables.OpenAsync(client);
        var ended = first.DisposeAsync();
        hold.SetResult();
        await ended;
        var adopted = (await tables.RowsAsync()).Count(row => row.IsAdopted);
        adopted.Should().BeInRange(250, 599);
        using var nextClient = tables.NewClient();
        var next = await tables.OpenAsync(nextClient);
        await TestIndexes.AdoptedAsync(next);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
        nextClient.CallsOf("Scan").Should().Be(3, "the version, and two pages of the table: the first was done");
    }

    [Fact]
    public async Task After_a_downgrade_the_rows_get_their_postings_again()
    {
        await using var tables = await TestIndexes.NewAsync();
        await using (var before = await tables.OpenAsync())
            await before.ImportAsync(new Repository[] { new("web", "A web shop"), new("api", "of the shop"), new("gone") }.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        await SetAttributeAsync(tables.Options.VersionTable, new() { ["version"] = new() { N = "1" } }, "layout", "a");

        // An earlier build adds one repository, changes one and deletes one. Its postings have its own layout.
        await tables.Setup.PutItemAsync(tables.Options.RepositoryTable, new RepositoryRow("old/app", "written by an earlier build", "0a", "0b").ToItem(), TestIndexes.Stop);
        await SetAttributeAsync(tables.Options.RepositoryTable, RepositoryRow.KeyOf("web"), "description", "A farm");
        await SetAttributeAsync(tables.Options.RepositoryTable, RepositoryRow.KeyOf("web"), "nonce", "0c");
        await tables.Setup.DeleteItemAsync(tables.Options.RepositoryTable, RepositoryRow.KeyOf("gone"), TestIndexes.Stop);

        IReadOnlyList<Repository> expected = [new("web", "A farm"), new("api", "of the shop"), new("old/app", "written by an earlier build")];
        DynamoDbIndex[] opened = [tables.New(), tables.New()];
        await Task.WhenAll(opened.Select(index => index.InitializeAsync(TestIndexes.Stop)));
        foreach (var index in opened)
        {
            await TestIndexes.AdoptedAsync(index);
            await index.ShouldFindAsync(expected);
        }

        await IndexAssertions.NothingIsMissingAsync(tables);

        Task SetAttributeAsync(string table, Dictionary<string, AttributeValue> key, string attribute, string value) => tables.Setup.UpdateItemAsync(
            table, key, new() { [attribute] = new() { Action = AttributeAction.PUT, Value = new(value) } }, TestIndexes.Stop);
    }

    [Fact]
    public async Task An_adoption_that_fails_with_an_unexpected_error_is_retried_and_reported()
    {
        await using var tables = await TestIndexes.NewAsync();
        await tables.MakeLegacyTablesAsync();
        await tables.PutLegacyRowAsync("web", "A web shop");
        using var client = tables.NewClient();
        var isBroken = true;
        client.Before = request => isBroken && request is ScanRequest { FilterExpression: null } scan && scan.TableName == tables.Options.RepositoryTable ? throw new NotSupportedException("not done yet") : Task.CompletedTask;
        var index = await tables.OpenAsync(client);
        var maintenance = new DynamoDbMaintenance(index);
        await Eventually.BeAsync(() => maintenance.IsAdoptionFailing);
        (await index.IsAdoptedAsync(TestIndexes.Stop)).Should().BeFalse();

        isBroken = false;
        await TestIndexes.AdoptedAsync(index);
        await index.ShouldFindAsync([new Repository("web", "A web shop")]);
        await Eventually.BeAsync(() => !maintenance.IsAdoptionFailing);
    }

    [Fact]
    public async Task A_rebuild_writes_missing_postings()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        var texts = new RandomTexts(41);
        List<Repository> repositories = [.. Enumerable.Range(0, 50).Select(number => new Repository($"{texts.Name()}/{number}", texts.Description()))];
        await index.ImportAsync(repositories.ToAsyncEnumerable(), cancellationToken: TestIndexes.Stop);
        foreach (var posting in (await tables.PostingsAsync()).Where((_, place) => place % 3 == 0))
            await tables.Client.DeleteItemAsync(tables.Options.SearchTable, posting.Key, TestIndexes.Stop);
        await tables.PutLegacyRowAsync("late/row", "of a predecessor that was still at it");
        (await new DynamoDbMaintenance(index).RebuildAsync(cancellationToken: TestIndexes.Stop)).Should().Be(51);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
        await index.ShouldFindAsync([.. repositories, new("late/row", "of a predecessor that was still at it")]);
    }

    [Fact]
    public async Task A_row_that_a_predecessor_overwrote_is_shown_as_stored_and_repaired_by_the_next_write()
    {
        await using var tables = await TestIndexes.NewAsync();
        var index = await tables.OpenAsync();
        await index.UpsertAsync(new("web", "A web shop"), TestIndexes.Stop);
        await tables.PutLegacyRowAsync("web", "");
        (await index.SearchAsync(new SearchRequest("web"), TestIndexes.Stop)).Repositories.Should().Equal(new Repository("web"));
        (await index.SearchAsync(new SearchRequest("shop"), TestIndexes.Stop)).Repositories.Should().BeEmpty();
        (await index.UpsertAsync(new("web", "A web shop"), TestIndexes.Stop)).Should().Be(UpsertOutcome.Updated);
        (await index.SearchAsync(new SearchRequest("shop"), TestIndexes.Stop)).Repositories.Should().Equal(new Repository("web", "A web shop"));
        await IndexAssertions.NothingIsMissingAsync(tables);
        await tables.SweepAsync(index);
        await IndexAssertions.NothingIsLeftOverAsync(tables);
    }
}
