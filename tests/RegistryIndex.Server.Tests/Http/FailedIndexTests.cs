using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using RegistryIndex.Server.Answers;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Http;

public sealed class FailedIndexTests
{
    [Fact]
    public async Task A_failure_of_the_index_is_one_line_of_the_log_and_not_in_the_answer()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "index.db");
        await using var server = await RegistryIndexProcess.ServeAsync("--database", $"sqlite:///{file}");
        using var client = new HttpClient { BaseAddress = new($"http://{server.Address}") };
        await Eventually.BeAsync(async () => (await client.GetAsync("/readyz", Stop)).IsSuccessStatusCode);
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync(Stop);
            await using var drop = new SqliteCommand("DROP TABLE registry_index_start", connection);
            await drop.ExecuteNonQueryAsync(Stop);
        }

        using var answer = await client.GetAsync("/v1/search?q=web", Stop);

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Stop)).Should().Contain("The index cannot answer").And.NotContain("no such table");
        using var browser = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All }) { BaseAddress = client.BaseAddress };
        using var page = await browser.GetAsync("/ui/?q=web", Stop);
        page.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        page.Headers.GetValues("Content-Security-Policy").Single().Should().Contain("style-src 'self'");
        (await page.Content.ReadAsStringAsync(Stop)).Should().Contain("<p>The index cannot answer; see the server&#x27;s log.</p>").And.NotContain("no such table");
        await server.WaitForAsync("no such table: registry_index_start");
        server.Log.Should().Contain("/v1/search could not be answered").And.NotContain("   at ");
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, null)]
    public async Task A_failure_that_may_pass_has_the_time_after_which_to_try_again(bool mayRetry, int? seconds)
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseJsonErrors();
        app.MapGet("/v1/search", string () => throw new RegistryIndexException("test", "search", "the database is away.", mayRetry));
        await app.StartAsync(Stop);
        using var client = new HttpClient { BaseAddress = new(app.Urls.First()) };
        using var answer = await client.GetAsync("/v1/search", Stop);
        (answer.StatusCode, answer.Headers.RetryAfter?.Delta?.TotalSeconds).Should().Be((HttpStatusCode.ServiceUnavailable, seconds));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
