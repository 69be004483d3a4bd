using RegistryIndex.Server.Http;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>Full answers from short pages.</summary>
public sealed class PageReaderTests
{
    [Fact]
    public async Task A_repository_that_moves_to_a_later_page_during_a_write_is_returned_once()
    {
        var reader = new PageReader(new ShortPages(["a", "b"], ["a", "c"], [], ["b", "d"]), "web", continuation: null);
        (await reader.ReadAsync(25, TestContext.Current.CancellationToken)).Select(repository => repository.Name).Should().Equal("a", "b", "c", "d");
        reader.IsAtEnd.Should().BeTrue();
    }

    private sealed class ShortPages(params string[][] pages) : IRegistryIndex
    {
        private int _next;

        public string Provider => "test";

        public Task<SearchPage> SearchAsync(SearchRequest request, CancellationToken cancellationToken = default)
        {
            Repository[] found = [.. pages[_next++].Select(name => new Repository(name))];
            return Task.FromResult(request.ToPage(found, _next == pages.Length ? null : request.Query.Rank(new Repository($"{_next}/web"))));
        }

        public Task InitializeAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<Repository?> GetAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<UpsertOutcome> UpsertAsync(Repository repository, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public IAsyncEnumerable<Repository> ListAsync(string? after = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<ImportResult> ImportAsync(IAsyncEnumerable<Repository> repositories, ImportOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<IndexStatus> GetStatusAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<string?> ReadMarkAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> TryReplaceMarkAsync(string name, string? expected, string? replacement, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
