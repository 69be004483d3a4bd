using System.Net;

namespace RegistryIndex.Server.Tests.Http;

public sealed class UnreadyTests
{
    [Theory]
    [InlineData("/v1/search?q=web", "\"error\":")]
    [InlineData("/v2/_catalog", "\"code\":\"UNAVAILABLE\"")]
    public async Task Requests_before_the_index_is_initialized_are_answered_with_retry_after(string path, string form)
    {
        await using var server = await RunningServer.StartUnreadyAsync(
            ("search_backend", "dynamodb"),
            ("extensions:dynamodb_index:endpoint", "http://127.0.0.1:1"),
            ("extensions:dynamodb_index:access_key", "test"),
            ("extensions:dynamodb_index:secret_access_key", "test"),
            ("Logging:LogLevel:Default", "None"));

        var answer = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(1));
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Contain(form).And.Contain("not ready yet");
        (await server.Client.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode.Should().Be(HttpStatusCode.OK);
    }
}
