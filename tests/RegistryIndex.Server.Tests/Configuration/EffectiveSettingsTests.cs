using System.Text.Json;
using Microsoft.Extensions.Configuration;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Tests.Configuration;

public class EffectiveSettingsTests : Workspace
{
    [Fact]
    public void Every_setting_is_listed_once_sorted_and_with_its_effective_source()
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
    public void Settings_of_the_host_are_omitted_unless_they_override_others()
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

    public static TheoryData<string> Lists => [.. KnownSettings.All.Values.Where(setting => setting.IsJoined).Select(setting => setting.Key)];

    [Theory]
    [MemberData(nameof(Lists))]
    public void Only_the_list_of_the_highest_source_is_shown_in_every_notation(string key)
    {
        Write("appsettings.json", $$"""{ "{{key}}": ["first-value-of-the-file", "second-value-of-the-file", "third-value-of-the-file"] }""");
        Shown().Should().HaveCount(3).And.OnlyContain(setting => setting.Source == "appsettings.json");
        Write("registry.yml", $"dev:\n  {key}:\n  - one-value-of-yaml-0000\n  - two-value-of-yaml-0000\n");
        Shown().Should().HaveCount(2).And.Contain(setting => setting.Key == $"{key}:1" && setting.Source.EndsWith(":dev, line 4", StringComparison.Ordinal));
        Set($"REGISTRYINDEX__{key.ToUpperInvariant()}", "one-value-of-a-variable;two-value-of-a-variable");
        Shown().Should().ContainSingle().Which.Key.Should().Be(key);
        Shown((key + ":0", "value-of-the-command-line")).Should().ContainSingle().Which.Should().Match<EffectiveSetting>(setting => setting.Key == key + ":0" && setting.Source == "command line");
        Shown((key, "value-of-the-command-line")).Should().ContainSingle().Which.Source.Should().Be("command line");
        Shown((key, "")).Should().ContainSingle().Which.Value.Should().BeEmpty("an empty value counts as set");

        IReadOnlyList<EffectiveSetting> Shown(params (string Key, string Value)[] commandLine)
        {
            var input = Input with { CommandLine = commandLine.ToDictionary(setting => setting.Key, setting => setting.Value) };
            var layers = Configure(File.Exists(Path.Combine(Directory, "registry.yml")) ? input with { File = "registry.yml" } : input);
            var shown = EffectiveSettings.Read(layers).Where(setting => setting.Key.StartsWith(key, StringComparison.Ordinal)).ToList();
            var settled = SettingsCheck.Settle(layers)[key]!;
            string.Join(';', shown.Select(setting => setting.Value)).Should().Be(key == "events_secrets" ? string.Join(';', shown.Select(_ => settled.Length == 0 ? "" : "***")) : settled, "the shown value is the effective one");
            return shown;
        }
    }

    [Fact]
    public void Text_output_has_one_line_for_each_setting_with_visible_control_characters()
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
    public void No_source_can_add_a_secret_to_the_output()
    {
        Set("REGISTRYINDEX__REGISTRY_PASWORD", "hunter2");
        Set("REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__SECRET_ACCESS_KEY", "hunter2");
        Set("SQLALCHEMY_INDEX_DATABASE", "postgresql+psycopg2://me:hunter2@db/index");
        Write("appsettings.json", """{ "ApiKey": "hunter2", "Kestrel": { "Certificates": { "Default": { "Password": "hunter2" } } } }""");
        Write("registry.yml", "dev:\n  s3_secret_key: _env:AWS_SECRET:hunter2\n  tokens: [hunter2]\n  dynamodb_secret_acess_key: hunter2\n  registry: me:hunter2@host\n");
        var settings = EffectiveSettings.Read(Configure(Input with
        {
            File = "registry.yml",
            CommandLine = new Dictionary<string, string> { ["mirror:primary"] = "Host=db;Password=hunter2" },
        }));
        using var writer = new StringWriter();
        EffectiveSettings.WriteText(settings, writer);
        EffectiveSettings.WriteJson(settings, writer);
        writer.ToString().Should().NotContain("hunter2").And.Contain("postgresql+psycopg2://me:***@db/index").And.Contain("Host=db;Password=***");
        settings.Count(setting => setting.Value.Contains("***", StringComparison.Ordinal)).Should().Be(9 + 1);
    }
}
