using static RegistryIndex.Server.Tests.Configuration.SampleFile;

namespace RegistryIndex.Server.Tests.Configuration;

public class YamlFlavorsTests
{
    [Fact]
    public void A_flavors_own_settings_override_merged_ones()
    {
        Read(Text, "dev").Should().Equal(new Dictionary<string, string?>
        {
            ["loglevel"] = "debug",
            ["debug"] = "false",
            ["standalone"] = "true",
            ["search_backend"] = "",
            ["sqlalchemy_index_database"] = "sqlite:////tmp/docker-registry.db",
            ["cache:host"] = "",
            ["cache:port"] = "6379",
            ["issue"] = "#583",
            ["mirrors:0"] = "https://one.example:5000/",
            ["mirrors:1"] = "two",
            ["storage"] = "local",
            ["storage_path"] = "/tmp/registry",
            ["extensions:dynamodb_index:database"] = "docker-registry",
            ["extensions:dynamodb_index:region"] = "us-east-1",
        });
    }

    [Fact]
    public void The_first_of_several_merged_mappings_wins_and_nested_merges_apply()
    {
        var settings = Read(Text, "test");
        settings["loglevel"].Should().Be("error", "quiet is merged before dev");
        settings["storage"].Should().Be("local", "dev sets it");
        settings["debug"].Should().Be("false", "dev merges common");
        settings["storage_path"].Should().Be("./tmp/test", "the flavor's own value wins");
        settings["owner"].Should().Be("0123", "numbers keep their text");
    }

    [Fact]
    public void Extensions_of_the_flavor_override_those_of_the_top_level_key_by_key()
    {
        var settings = Read(Text, "prod");
        settings["extensions:dynamodb_index:region"].Should().Be("eu-central-1");
        settings["extensions:dynamodb_index:database"].Should().Be("docker-registry");
    }

    [Theory]
    [InlineData("extensions: {a: {x: 1}}\ndev: {extensions: }", "extensions:a:x=1")]
    [InlineData("extensions: {a: {x: 1}}\ndev: {extensions: {a: }}", "extensions:a:x=1")]
    [InlineData("extensions: {a: {x: 1}}\ndev: {extensions: {a: {x: }}}", "extensions:a:x=")]
    [InlineData("extensions: {a: {x: 1}}\ndev: {extensions: {a: text}}", "extensions:a=text")]
    [InlineData("extensions: {a: [1, 2]}\ndev: {extensions: {a: [3]}}", "extensions:a:0=3")]
    [InlineData("extensions: \ndev: {extensions: {a: 1}}", "extensions:a=1")]
    [InlineData("extensions: {a: _env:NONE:1}\ndev: {}", "extensions:a=1")]
    [InlineData("extensions: {a: 1}\nbase: &b {extensions: {b: 2}}\ndev: {<<: *b}", "extensions:a=1 extensions:b=2")]
    public void The_flavor_replaces_only_the_extensions_that_it_sets(string yaml, string expected) =>
        Shown(Read(yaml)).Should().Be(expected);

    [Theory]
    [InlineData("a: _env:V", "some text", "a=some text")]
    [InlineData("a: _env:V:d", "v", "a=v")]
    [InlineData("a: _env:V:d", "", "a=")]
    [InlineData("a: _env:V:d", null, "a=d")]
    [InlineData("a: _env:V", null, "a=")]
    [InlineData("a: '_env:V:'", null, "a=")]
    [InlineData("a: _env:V:http://h:80/p", null, "a=http://h:80/p")]
    [InlineData("a: _env:V", "sqlite:////tmp/x.db", "a=sqlite:////tmp/x.db")]
    [InlineData("a: _env:V", "True", "a=true")]
    [InlineData("a: _env:V", "null", "a=")]
    [InlineData("a: _env:V", "'null'", "a=null")]
    [InlineData("a: _env:V", "0123", "a=0123")]
    [InlineData("a: _env:V", "{x: 1, y: [2]}", "a:x=1 a:y:0=2")]
    [InlineData("a: _env:V", "_env:OTHER", "a=_env:OTHER")]
    [InlineData("a: _env:V", "[_env:V]", "a:0=_env:V")]
    [InlineData("a: '_env:V:{x: 1}'", null, "a:x=1")]
    [InlineData("a: {b: {c: [x, {d: _env:V}]}}", "v", "a:b:c:0=x a:b:c:1:d=v")]
    [InlineData("a: [_env:V]", "v", "a:0=v")]
    [InlineData("_env:V: x", "v", "_env:V=x")]
    [InlineData("a: x_env:V", "v", "a=x_env:V")]
    public void An_env_value_is_the_variable_or_its_default_parsed_as_yaml(string setting, string? variable, string expected) =>
        Shown(Read($"dev:\n  {setting}\n", "dev", variable is null ? [] : [("V", variable)])).Should().Be(expected);

    [Fact]
    public void A_whole_flavor_may_come_from_the_environment() =>
        Shown(Read("dev: _env:ALL", "dev", ("ALL", "storage: local\nstorage_path: /x"))).Should().Be("storage=local storage_path=/x");

    [Theory]
    [InlineData("a:", "a=")]
    [InlineData("a: ~", "a=")]
    [InlineData("a: ''", "a=")]
    [InlineData("a: {}", "a=")]
    [InlineData("a: []", "a=")]
    [InlineData("a: [x, , ]", null)]
    [InlineData("a: [x, ~, {}]", "a:0=x a:1= a:2=")]
    [InlineData("a: yes", "a=true")]
    [InlineData("a: 'yes'", "a=yes")]
    [InlineData("a: OFF", "a=false")]
    [InlineData("a: !!str true", "a=true")]
    [InlineData("a: !!str Yes", "a=Yes")]
    [InlineData("a: 1_000", "a=1_000")]
    [InlineData("a: 0x1F", "a=0x1F")]
    [InlineData("a: 1.50", "a=1.50")]
    [InlineData("a: 2014-01-02", "a=2014-01-02")]
    [InlineData("a: \"tab\\there\"", "a=tab\there")]
    [InlineData("a: 日本 # comment", "a=日本")]
    public void A_value_keeps_its_text_and_a_missing_value_is_an_empty_text(string setting, string? expected)
    {
        var read = () => Shown(Read($"dev:\n  {setting}\n"));
        if (expected is null)
            read.Should().Throw<ConfigurationMistakeException>();
        else
            read().Should().Be(expected);
    }

    [Theory]
    [InlineData("dev: {<<: {a: 1, b: 1}, b: 2}", "a=1 b=2")]
    [InlineData("dev: {b: 2, <<: {a: 1, b: 1}}", "a=1 b=2")]
    [InlineData("dev: {<<: [{a: 1}, {a: 2, b: 2}]}", "a=1 b=2")]
    [InlineData("dev: {<<: {a: 1}, <<: {a: 2}}", "a=2")]
    [InlineData("dev: {<<: []}", "")]
    [InlineData("dev: {'<<': {a: 1}}", "<<:a=1")]
    [InlineData("dev: {x: {<<: {a: {b: 1}}, a: {c: 2}}}", "x:a:c=2")]
    [InlineData("x: &x {a: 1}\ny: &x {a: 2}\ndev: {<<: *x}", "a=2")]
    [InlineData("x: &x {n: &n {p: 1}}\ndev: {<<: *x, m: *n}", "m:p=1 n:p=1")]
    public void Merge_keys_work_as_in_yaml(string yaml, string expected) => Shown(Read(yaml)).Should().Be(expected);

    [Fact]
    public void A_flavor_is_selected_by_its_exact_name() =>
        Shown(Read("Dev: {a: 1}\ndev: {a: 2}", "Dev")).Should().Be("a=1");

    private static string Shown(IReadOnlyDictionary<string, string?> settings) =>
        string.Join(' ', settings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={s.Value}"));
}
