using System.Text;
using Microsoft.Extensions.Configuration;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Tests.Configuration;

public class ServerConfigurationTests : Workspace
{
    [Fact]
    public void Without_settings_the_server_uses_the_embedded_database_and_the_loopback_address()
    {
        Set("HOME", "/home/me");
        var configuration = Configure();
        configuration["search_backend"].Should().Be("sqlalchemy");
        configuration["sqlalchemy_index_database"].Should().Be("sqlite:////home/me/.local/state/registry-index/index.db");
        configuration["urls"].Should().Be("http://127.0.0.1:5080");
    }

    [Fact]
    public void Each_source_overrides_those_below_it()
    {
        Configure()["search_backend"].Should().Be("sqlalchemy");
        Set("SEARCH_BACKEND", "from the old variable");
        Configure()["search_backend"].Should().Be("from the old variable");
        Write("appsettings.json", """{ "search_backend": "from appsettings" }""");
        Configure()["search_backend"].Should().Be("from appsettings");
        Write("appsettings.Production.json", """{ "search_backend": "from appsettings of the environment" }""");
        Configure()["search_backend"].Should().Be("from appsettings of the environment");
        Write("registry.yml", "dev:\n  search_backend: from yaml\n");
        Set("DOCKER_REGISTRY_CONFIG", "registry.yml");
        Configure()["search_backend"].Should().Be("from yaml");
        Set("REGISTRYINDEX__SEARCH_BACKEND", "from the variable");
        Configure()["search_backend"].Should().Be("from the variable");
        Configure(Input with { CommandLine = new Dictionary<string, string> { ["search_backend"] = "from the command line" } })["search_backend"]
            .Should().Be("from the command line");
    }

    [Theory]
    [InlineData("SEARCH_BACKEND", "search_backend")]
    [InlineData("SQLALCHEMY_INDEX_DATABASE", "sqlalchemy_index_database")]
    [InlineData("STORAGE_PATH", "storage_path")]
    [InlineData("DYNAMODB_DATABASE", "extensions:dynamodb_index:database")]
    [InlineData("DYNAMODB_REGION", "extensions:dynamodb_index:region")]
    [InlineData("DYNAMODB_REPOSITORY_TABLE", "extensions:dynamodb_index:repository_table")]
    [InlineData("DYNAMODB_VERSION_TABLE", "extensions:dynamodb_index:version_table")]
    [InlineData("DYNAMODB_SEARCH_TABLE", "extensions:dynamodb_index:search_table")]
    [InlineData("DYNAMODB_ACCESS_KEY", "extensions:dynamodb_index:access_key")]
    [InlineData("DYNAMODB_SECRET_ACCESS_KEY", "extensions:dynamodb_index:secret_access_key")]
    [InlineData("REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__REGION", "extensions:dynamodb_index:region")]
    [InlineData("registryindex__storage_path", "storage_path")]
    [InlineData("REGISTRYINDEX__Logging__LogLevel__Default", "Logging:LogLevel:Default")]
    public void An_environment_variable_sets_its_key(string variable, string key)
    {
        Set(variable, "x");
        Configure()[key].Should().Be("x");
    }

    [Fact]
    public void A_docker_registry_variable_applies_only_if_the_file_does_not_set_the_key()
    {
        Set("DYNAMODB_REGION", "eu-west-1");
        Set("DYNAMODB_DATABASE", "elsewhere");
        Write("registry.yml", "dev:\n  extensions:\n    dynamodb_index:\n      region: us-east-2\n");
        var configuration = Configure(Input with { File = "registry.yml" });
        configuration["extensions:dynamodb_index:region"].Should().Be("us-east-2");
        configuration["extensions:dynamodb_index:database"].Should().Be("elsewhere");
    }

    [Theory]
    [InlineData("dev:\n  search_backend:\n", "{}")]
    [InlineData("dev: {}\n", """{ "search_backend": "" }""")]
    [InlineData("dev: {}\n", """{ "search_backend": null }""")]
    public void An_empty_value_counts_as_set(string yaml, string appSettings)
    {
        Write("registry.yml", yaml);
        Write("appsettings.json", appSettings);
        Configure(Input with { File = "registry.yml" })["search_backend"].Should().BeEmpty();
    }

    [Fact]
    public void The_command_line_overrides_the_environment_for_file_and_flavor()
    {
        Write("one.yml", "dev: {a: one dev}\nprod: {a: one prod}\n");
        Write("two.yml", "dev: {a: two dev}\nprod: {a: two prod}\n");
        Configure(Input with { File = "one.yml" })["a"].Should().Be("one dev");
        Set("DOCKER_REGISTRY_CONFIG", Path.Combine(Directory, "one.yml"));
        Configure()["a"].Should().Be("one dev");
        Set("SETTINGS_FLAVOR", "prod");
        Configure()["a"].Should().Be("one prod");
        Configure(Input with { File = "two.yml" })["a"].Should().Be("two prod");
        Configure(Input with { File = "two.yml", Flavor = "dev" })["a"].Should().Be("two dev");
        Set("SETTINGS_FLAVOR", "");
        Set("DOCKER_REGISTRY_CONFIG", "");
        Configure()["a"].Should().BeNull("an empty variable names no file");
        Configure(Input with { File = "two.yml" })["a"].Should().Be("two dev");
    }

    [Fact]
    public void The_file_reads_the_given_environment()
    {
        Set("WHERE", "here");
        Write("registry.yml", "dev: {a: _env:WHERE, b: _env:PATH}\n");
        var configuration = Configure(Input with { File = "registry.yml" });
        configuration["a"].Should().Be("here");
        configuration["b"].Should().BeEmpty("only the process has PATH");
    }

    [Theory]
    [InlineData("ASPNETCORE_ENVIRONMENT")]
    [InlineData("DOTNET_ENVIRONMENT")]
    public void The_hosts_environment_selects_its_appsettings(string variable)
    {
        Set(variable, "Staging");
        Write("appsettings.Staging.json", """{ "a": "staging" }""");
        Write("appsettings.Production.json", """{ "a": "production" }""");
        Configure()["a"].Should().Be("staging");
    }

    [Fact]
    public void The_hosts_builder_reads_the_same_settings()
    {
        Write("registry.yml", "dev: {search_backend: from yaml}\n");
        using var host = new ConfigurationManager();
        host.AddServerConfiguration(Input with { File = "registry.yml" });
        host["search_backend"].Should().Be("from yaml");
        FluentActions.Invoking(() => host.AddServerConfiguration(Input with { File = "missing.yml" })).Should().Throw<ConfigurationMistakeException>();
    }

    [Fact]
    public void The_input_of_a_process_is_its_environment_and_working_directory()
    {
        var input = ConfigurationInput.OfProcess();
        input.Directory.Should().Be(Environment.CurrentDirectory);
        input.Environment["PATH"].Should().Be(Environment.GetEnvironmentVariable("PATH"));
    }

    [Theory]
    [InlineData("{ \"a\": 1,\n  \"b\": }", "appsettings.json, line 2: this is not valid JSON; correct it.")]
    [InlineData("", "appsettings.json, line 1: this is not valid JSON; correct it.")]
    [InlineData("[1]", "appsettings.json: *; correct it.")]
    [InlineData("{ \"a\": { \"b\": 1, \"B\": 2 } }", "appsettings.json: *duplicate key 'a:B'*; correct it.")]
    public void Malformed_appsettings_are_a_mistake(string json, string expected)
    {
        Write("appsettings.json", json);
        ProblemOf().Should().Match(expected);
    }

    [Fact]
    public void A_missing_file_is_a_mistake()
    {
        ProblemOf(Input with { File = "missing.yml" }).Should().Match("The configuration file '*/missing.yml' cannot be read: the file does not exist.");
        ProblemOf(Input with { File = "no/such/directory.yml" }).Should().Match("*cannot be read: the file does not exist.");
        Set("DOCKER_REGISTRY_CONFIG", "gone.yml");
        ProblemOf().Should().Match("The configuration file '*/gone.yml' cannot be read: the file does not exist.");
    }

    [Fact]
    public void An_unreadable_file_is_a_mistake()
    {
        ProblemOf(Input with { File = "." }).Should().Match("The configuration file '*' cannot be read: it is a directory.");
        ProblemOf(Input with { File = "a\0b" }).Should().Contain("cannot be read");
    }

    [Fact]
    public void A_file_over_a_mebibyte_is_a_mistake()
    {
        Write("just.yml", "dev: {a: 1}\n#" + new string('x', YamlText.MaxBytes - 13));
        new FileInfo(Path.Combine(Directory, "just.yml")).Length.Should().Be(YamlText.MaxBytes);
        Configure(Input with { File = "just.yml" })["a"].Should().Be("1");
        File.AppendAllText(Path.Combine(Directory, "just.yml"), "x");
        ProblemOf(Input with { File = "just.yml" }).Should().Match("The configuration file '*/just.yml' is larger than 1 MiB; *");
    }

    [Fact]
    public void A_file_is_utf_8_with_or_without_a_byte_order_mark()
    {
        File.WriteAllBytes(Path.Combine(Directory, "mark.yml"), [0xEF, 0xBB, 0xBF, .. "dev: {a: é}"u8]);
        Configure(Input with { File = "mark.yml" })["a"].Should().Be("é");
        File.WriteAllBytes(Path.Combine(Directory, "latin1.yml"), [.. "# one\n# two\ndev: {a: "u8, 0xE9, .. "}"u8]);
        ProblemOf(Input with { File = "latin1.yml" }).Should().Match("The configuration file '*/latin1.yml' is not UTF-8 text in line 3; *");
    }

    [Fact]
    public void A_file_in_another_encoding_or_format_is_reported_as_such()
    {
        Encoding[] encodings = [Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32, new UnicodeEncoding(bigEndian: false, byteOrderMark: false), new UnicodeEncoding(bigEndian: true, byteOrderMark: false)];
        foreach (var encoding in encodings)
        {
            File.WriteAllText(Path.Combine(Directory, "windows.yml"), "dev:\r\n  a: 1\r\n", encoding);
            ProblemOf(Input with { File = "windows.yml" }).Should().Match("The configuration file '*/windows.yml' is in UTF-16; save it as UTF-8.");
        }

        (string What, byte[] Bytes, string Sentence)[] others =
        [
            ("a database", [.. "SQLite format 3\0\x10\0"u8], "is not a text file: it has a zero byte in line 1; name the YAML file."),
            ("a program", [0x7F, .. "ELF\x02\x01\n\x01\0"u8], "is not a text file: it has a zero byte in line 2; name the YAML file."),
            ("an archive", [0x1F, 0x8B, 0x08, 0x08, 0xFF], "is not UTF-8 text in line 1; *"),
            ("a picture", [0x89, .. "PNG\r\n"u8, 0x1A, 0x0A], "is not UTF-8 text in line 1; *"),
        ];
        foreach (var (what, bytes, sentence) in others)
        {
            File.WriteAllBytes(Path.Combine(Directory, "other.yml"), bytes);
            ProblemOf(Input with { File = "other.yml" }).Should().Match("The configuration file '*/other.yml' " + sentence, what);
        }
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_read()
    {
        File.WriteAllText(Path.Combine(Directory, "appsettings.json"), "{}" + new string(' ', 1 << 20));
        ProblemOf().Should().StartWith("appsettings.json is larger than 1 MiB: ");
        File.WriteAllText(Path.Combine(Directory, "appsettings.json"), "{}" + new string(' ', (1 << 20) - 2));
        Configure().AsEnumerable().Should().NotBeEmpty();
    }

    [Fact]
    public void An_empty_name_is_a_mistake_and_not_the_working_directory() =>
        ProblemOf(Input with { File = "" }).Should().Be("The configuration file '' cannot be read: it is not the path of a file.");

    [Fact]
    public void A_mistake_in_the_file_names_its_path_and_line()
    {
        Write("registry.yml", "dev:\n  a: *nobody\n");
        ProblemOf(Input with { File = "registry.yml" }).Should().StartWith($"{Path.Combine(Directory, "registry.yml")}, line 2: ");
        Write("registry.yml", "prod: {}\n");
        ProblemOf(Input with { File = "registry.yml" }).Should().Match("*/registry.yml has no flavor 'dev'; its only one is 'prod': choose that *");
    }

    [Fact]
    public void A_flavor_without_a_file_is_a_mistake() => ProblemOf(Input with { Flavor = "prod" }).Should().StartWith("--flavor needs a file; ");

    [Fact]
    public void Two_variables_for_one_key_are_a_mistake()
    {
        Set("REGISTRYINDEX__A", "1");
        Set("REGISTRYINDEX__a", "2");
        ProblemOf().Should().Be(
            "The key 'a' is set twice, by environment variable REGISTRYINDEX__A and by environment variable REGISTRYINDEX__a; remove one of them.");
    }

    [Fact]
    public void A_variable_that_names_no_key_is_a_mistake()
    {
        Set("REGISTRYINDEX__", "1");
        ProblemOf().Should().Contain("REGISTRYINDEX__ has no name of a setting after it");
    }
}
