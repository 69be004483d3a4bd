using System.Text.Json;
using Microsoft.Extensions.Configuration;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Tests.Configuration;

public class EffectiveSettingsTests : Workspace
{
    [Fact]
    public void Every_setting_is_listed_once_sorted_and_with_the_source_that_counts()
    {
        Set("HOME", "/home/me");
        Set("DYNAMODB_REGION", "eu-west-1");
        Set("SEARCH_BACKEND", "overruled");
        Set("REGISTRYINDEX__URLS", "http://127.0.0.1:1");
        Write("appsettings.json", """{ "Logging": { "LogLevel": { "Default": "Warning" } }, "storage": "overruled" }""");
        Write("registry.yml", "prod:\n  search_backend: dynamodb\n  Storage: local\n  storage_path: /overruled\n");
        var settings = EffectiveSettings.Read(Configure(Input with
        {
            File = "registry.yml",
            Flavor = "prod",
            CommandLine = new Dictionary<string, string> { ["storage_path"] = "/var/lib/registry" },
        }));
        var file = $"{Path.Combine(Directory, "registry.yml")}:prod";
        settings.Should().Equal(
            new("extensions:dynamodb_index:region", "eu-west-1", "environment variable DYNAMODB_REGION"),
            new("Logging:LogLevel:Default", "Warning", "appsettings.json"),
            new("search_backend", "dynamodb", $"{file}, line 2"),
            new("sqlalchemy_index_database", "sqlite:////home/me/.local/state/registry-index/index.db", "default"),
            new("storage", "local", $"{file}, line 3"),
            new("storage_path", "/var/lib/registry", "command line"),
            new("urls", "http://127.0.0.1:1", "environment variable REGISTRYINDEX__URLS"));
    }

    [Fact]
    public void What_only_the_host_mentions_is_left_out_and_what_it_overrides_is_said()
    {
        Set("HOME", "/home/me");
        using var host = new ConfigurationManager();
        host.AddInMemoryCollection([new("contentRoot", "/x"), new("storage_path", "/below")]);
        host.AddServerConfiguration(Input);
        host.AddInMemoryCollection([new("urls", "http://127.0.0.1:9"), new("noise", "x")]);
        EffectiveSetting[] expected =
        [
            new("search_backend", "sqlalchemy", "default"),
            new("sqlalchemy_index_database", "sqlite:////home/me/.local/state/registry-index/index.db", "default"),
            new("urls", "http://127.0.0.1:9", "host"),
        ];
        EffectiveSettings.Read(host).Should().Equal(expected);
    }

    [Fact]
    public void Text_is_one_line_a_setting_in_which_nothing_is_hidden()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        EffectiveSettings.WriteText([new("search_backend", "", "default"), new("a:b", "x\n\u001b[31my ", "command line"), new("c", "é <&>", "default")], writer);
        writer.ToString().Should().Be("search_backend = \"\"  (default)\na:b = \"x\\n\\u001B[31my \"  (command line)\nc = é <&>  (default)\n");
    }

    [Fact]
    public void Json_is_an_array_of_objects()
    {
        using var writer = new StringWriter();
        EffectiveSettings.WriteJson([new("a", "é\n\"+\"", "default"), new("b", "", "command line")], writer);
        using var document = JsonDocument.Parse(writer.ToString());
        document.RootElement.EnumerateArray().Select(o => string.Join('|', o.EnumerateObject().Select(p => $"{p.Name}={p.Value.GetString()}")))
            .Should().Equal("key=a|value=é\n\"+\"|source=default", "key=b|value=|source=command line");
        writer.ToString().Should().Contain("é");
    }

    [Fact]
    public void No_source_can_bring_a_secret_into_the_listing()
    {
        Set("REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__SECRET_ACCESS_KEY", "hunter2");
        Set("SQLALCHEMY_INDEX_DATABASE", "postgresql+psycopg2://me:hunter2@db/index");
        Write("appsettings.json", """{ "ApiKey": "hunter2", "Kestrel": { "Certificates": { "Default": { "Password": "hunter2" } } } }""");
        Write("registry.yml", "dev:\n  s3_secret_key: _env:AWS_SECRET:hunter2\n  tokens: [hunter2]\n");
        var settings = EffectiveSettings.Read(Configure(Input with
        {
            File = "registry.yml",
            CommandLine = new Dictionary<string, string> { ["ConnectionStrings:Index"] = "Host=db;Password=hunter2" },
        }));
        using var writer = new StringWriter();
        EffectiveSettings.WriteText(settings, writer);
        EffectiveSettings.WriteJson(settings, writer);
        writer.ToString().Should().NotContain("hunter2").And.Contain("postgresql+psycopg2://me:***@db/index").And.Contain("Host=db;Password=***");
        settings.Count(setting => setting.Value.Contains("***", StringComparison.Ordinal)).Should().Be(7);
    }
}
