using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using RegistryIndex.Server.Tests.Configuration;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Http;

/// <summary>Repositories of a predecessor's index, whose names no registry has now.</summary>
public sealed class OldNamesTests : Workspace
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("library/_old")]
    [InlineData("a//b")]
    public async Task The_registry_is_not_asked_for_the_tags_of_a_name_that_it_cannot_have(string name)
    {
        var file = Path.Combine(Directory, "index.db");
        await using (var database = new SqliteConnection($"Data Source={file};Pooling=false"))
        {
            await database.OpenAsync(_cancellation);
            await using var command = database.CreateCommand();
            command.CommandText = """
                CREATE TABLE version (id INTEGER NOT NULL, PRIMARY KEY (id));
                CREATE TABLE repository (id INTEGER NOT NULL, name VARCHAR(95) NOT NULL, description VARCHAR(100), PRIMARY KEY (id), UNIQUE (name));
                INSERT INTO version VALUES (1);
                INSERT INTO repository (name, description) VALUES ($name, NULL), ('team/new', NULL);
                """;
            command.Parameters.AddWithValue("$name", name);
            await command.ExecuteNonQueryAsync(_cancellation);
        }

        await using var registry = await RegistryProxy.StartAsync();
        await using var server = await RunningServer.StartAsync(("sqlalchemy_index_database", $"sqlite:///{file}"), ("registry", registry.Url), ("sync_interval", "0"), ("registry_public_url", "https://r.example.com"));
        registry.Forget();
        JsonNode.Parse(await server.Client.GetStringAsync($"/api/v1/tags/{name}", _cancellation))!["tags"]!.AsArray().Should().BeEmpty();
        foreach (var path in (string[])[$"/ui/r/{name}", $"/ui/r/{name}?tags=", $"/ui/?q={name}"])
        {
            using var page = await server.Client.GetAsync(path, _cancellation);
            page.StatusCode.Should().Be(HttpStatusCode.OK, path);
            (await page.Content.ReadAsStringAsync(_cancellation)).Should().Contain(name).And.NotContainAny("tags-title", $"r.example.com/{name}");
        }

        (await server.Client.GetStringAsync("/ui/r/team/new", _cancellation)).Should().Contain("tags-title");
        registry.Lookups.Should().BeEmpty("the server asks in the background whether the registry is there, but not for tags");
    }
}
