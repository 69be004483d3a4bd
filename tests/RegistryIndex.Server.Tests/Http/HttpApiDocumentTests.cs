using System.Text.Json.Nodes;
using RegistryIndex.Testing;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>Sends the examples of docs/http-api.md to a server with the sample registry.</summary>
public sealed class HttpApiDocumentTests
{
    private const string Prompt = "$ curl '";

    [Fact]
    public async Task Every_example_is_answered_as_the_document_says()
    {
        await using var server = await RunningServer.StartAsync(("storage_path", SampleRegistry.Path));
        await Eventually.BeAsync(async () => (await server.Client.GetStringAsync("/readyz")).Contains("\"first_load\":\"done\"", StringComparison.Ordinal));
        var examples = Checkout.Snippets("docs/http-api.md", "console").SelectMany(snippet => snippet.Split(Prompt).Skip(1)).ToList();
        examples.Should().HaveCountGreaterThan(6);
        foreach (var example in examples)
        {
            var lines = example.Trim().Split('\n');
            lines.Should().HaveCount(2, "an example has a command and its answer");
            var path = lines[0].TrimEnd('\'')["http://127.0.0.1:5080".Length..];
            using var answer = await server.Client.GetAsync(path, TestContext.Current.CancellationToken);
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            WithoutFacts(text).Should().Be(WithoutFacts(lines[1]), "the answer to {0} equals the documented one", path);
        }
    }

    // They contain the time of the checkout.
    private static string WithoutFacts(string text)
    {
        var answer = JsonNode.Parse(text)!.AsObject();
        foreach (var repository in (answer["repositories"] as JsonArray ?? []).OfType<JsonObject>().Append(answer))
            repository.Remove("facts");
        answer.Remove("continuation");
        return answer.ToJsonString();
    }
}
