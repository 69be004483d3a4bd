using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using RegistryIndex.Server.Commands;
using RegistryIndex.Server.Configuration;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Configuration;

/// <summary>Every documented setting with invalid values: one sentence, exit code 2, and nothing begins.</summary>
public sealed class WrongSettingsTests : Workspace
{
    private static readonly string[] NoNumbers = ["1oo", "30s", "1,5x", "0x10", "NaN", "Infinity", "1e999", "--5", "٣", "true"];
    private static readonly string[] NoWholeNumbers = [.. NoNumbers, "1.5", "99999999999999999999", "-99999999999"];

    // A label may have 63 characters, and the whole name 253.
    private static readonly string Label = new('x', 64);
    private static readonly string Name = string.Join('.', Enumerable.Repeat(new string('x', 60), 5));

    // Before the semicolon: another setting that is needed for the value to be checked. Then the value.
    private static readonly Dictionary<string, string[]> Wrong = new(StringComparer.Ordinal)
    {
        ["search_backend"] = ["elastic", "no/such.dll", "sqlalchemy,dynamodb"],
        ["sqlalchemy_index_database"] = ["", "x", "mysql://u:pa55word@h/d", "postgresql://u:pa55word@h:99999/d", "postgresql://u:pa55word@h/d?nonsense=1", "postgresql://u:pa55word@256.0.0.1/d", "postgresql://u:pa55word@a..b:5432/d", "Host=h,10.0.0.300:5432;Password=pa55word", "mssql+pyodbc://u:pa55word@1.2.3.4.5:1433/d?driver=x", "Server=tcp:10.0.0.256,1433;Database=d;Password=pa55word", "sqlite:///x?y=1", "Host=h;Password=pa55word;Nonsense=1"],
        ["search_memory"] = [.. NoWholeNumbers, "-1", "1025"],
        ["storage"] = ["ftp", "s4"],
        ["urls"] =
        [
            "", ";", "nonsense", "ftp://127.0.0.1:5080", "http://127.0.0.1:5080/base", "http://127.0.0.1:65536", "http://127.0.0.1:abc", "http://127.0.0.1:-1", "http://:5080", "http://me:pa55word@127.0.0.1:5080",
            "http://127.0.0.1:5080?x", "http://[::1:5080", "http://[1.2.3.4]:5080", "http://0.0.0.0:5080", "https://127.0.0.1:5080", "http://localhost:0", "http://127.0.0.1:5080;http://127.0.0.1:5080",
            "http://localhost:5080;http://127.0.0.1:5080", "http://pipe:/x", "http://256.0.0.1:5080", "http://a..b:5080", $"http://{Label}:5080", "http://10.0.0:5080;http://1.2.3.4.5:5081", "http://unix:", "http://unix:/" + new string('x', 200), string.Join(';', Enumerable.Range(1, 100).Select(port => $"http://127.0.0.1:{port}")),
        ],
        ["log_format"] = ["xml", "jsn", "text;json"],
        ["access_log"] = ["maybe", "2", "tru", "-1"],
        ["metrics_urls"] =
        [
            "nonsense", "ftp://127.0.0.1:9090", "http://127.0.0.1:9090/metrics", "http://127.0.0.1:65536", "http://0.0.0.0:9090", "https://127.0.0.1:9090", "http://localhost:0", "http://127.0.0.1:5080", "http://localhost:5080",
            "http://127.0.0.1:9090;http://localhost:9090", "http://256.0.0.1:9090", "http://unix:/" + new string('x', 200), "http://me:pa55word@127.0.0.1:9090", string.Join(';', Enumerable.Range(1, 100).Select(port => $"http://127.0.0.1:{port}")),
        ],
        ["registry"] = ["registry:5000", "http://256.0.0.1:80", "https://10.0.0.300/v2/", "http://a..b:5000", $"https://{Label}.example.com", "http://-a.example.com", $"http://{Name}", "ftp://host", "http://me:pa55word@host", "https://host?x=1", "http://", "nonsense", "http://host:5000/v2/_catalog", "http://host/v2/team/tags/list"],
        ["registry_public_url"] = ["registry:5000", "https://1.2.3.4.5", $"https://{Label}", "ftp://host", "https://me:pa55word@host", "https://host?x=1"],
        ["ui"] = ["maybe", "2", "tru", "-1"],
        ["ui_title"] = [new string('x', 101)],
        ["path_base"] = ["search", "http://host/search", "/a//b", "/a/../b", "/a b", "/ä", "/ui", "/V2/x", "/metrics", "/a?b"],
        ["registry_password"] = ["registry=http://h;pa55word"],
        ["registry_is_cache"] = ["maybe", "2", "tru", "-1"],
        ["registry_timeout"] = [.. NoWholeNumbers, "registry=http://h;0", "registry=http://h;3601", "registry=http://h;-1"],
        ["sync_interval"] = [.. NoNumbers, "-1", "8761", "1e300"],
        ["sync_max_deletions"] = [.. NoNumbers, "-1", "101"],
        ["allow_anonymous"] = ["maybe", "2", "tru", "-1"],
        ["rate_limit"] = [.. NoWholeNumbers, "-1", "1000001"],
        ["trusted_proxies"] = ["proxy", "10.0.0.1;nonsense", "10.0.0.0/33"],
        ["allowed_hosts"] = ["a b", "http://host", "host/path", "256.0.0.1", "index.example.com;10.0.0.300", "a..b", Label],
        ["cors_origins"] = ["ui.example.com", "https://ui.example.com/path", "https://me:pa55word@ui.example.com", "https://256.0.0.1", "https://ui.example.com;http://10.0.0.300:8080", $"https://{Label}"],
        ["description_keys"] = [string.Join(';', Enumerable.Range(1, 21)), new string('x', 257)],
        ["tls_key_file"] = ["FILE"],
        ["events_secrets"] = ["pa55word", "pa55word-pa55word;pa55word"],
        ["mirror:primary"] = ["search_backend=mirror;", "search_backend=mirror;mirror:secondary=efcore;mirror", "search_backend=mirror;mirror:secondary=efcore;nowhere://u:pa55word@h/d"],
        ["mirror:secondary"] = ["search_backend=mirror;", "search_backend=mirror;mirror:primary=dynamodb;mirror", "search_backend=mirror;mirror:primary=efcore;efcore"],
        ["mirror:compare"] = [.. NoNumbers, "search_backend=mirror;mirror:primary=dynamodb;mirror:secondary=efcore;2", "search_backend=mirror;mirror:primary=dynamodb;mirror:secondary=efcore;-1"],
        ["extensions:dynamodb_index:database"] = ["search_backend=dynamodb;a b", "search_backend=dynamodb;" + new string('x', 300)],
        ["extensions:dynamodb_index:repository_table"] = ["search_backend=dynamodb;a b", "search_backend=dynamodb;docker-registry-version"],
        ["extensions:dynamodb_index:version_table"] = ["search_backend=dynamodb;a b", "search_backend=dynamodb;x"],
        ["extensions:dynamodb_index:search_table"] = ["search_backend=dynamodb;a/b"],
        ["extensions:dynamodb_index:region"] = ["search_backend=dynamodb;Mars"],
        ["extensions:dynamodb_index:access_key"] = ["search_backend=dynamodb;pa55word"],
        ["extensions:dynamodb_index:secret_access_key"] = ["search_backend=dynamodb;pa55word"],
        ["extensions:dynamodb_index:security_token"] = ["search_backend=dynamodb;pa55word"],
        ["extensions:dynamodb_index:endpoint"] = ["search_backend=dynamodb;localhost:8000", "search_backend=dynamodb;ftp://x", "search_backend=dynamodb;http://256.0.0.1:8000", "search_backend=dynamodb;https://1.2.3.4.5", $"search_backend=dynamodb;http://{Label}:8000", $"search_backend=dynamodb;http://{Name}"],
        ["extensions:dynamodb_index:create_tables"] = ["maybe"],
        ["extensions:dynamodb_index:consistent_reads"] = ["maybe"],
        ["extensions:dynamodb_index:request_timeout"] = [.. NoWholeNumbers, "search_backend=dynamodb;0", "search_backend=dynamodb;301"],
        ["extensions:dynamodb_index:retry_timeout"] = [.. NoWholeNumbers, "search_backend=dynamodb;-1", "search_backend=dynamodb;3601"],
        ["extensions:dynamodb_index:table_timeout"] = [.. NoWholeNumbers, "search_backend=dynamodb;0", "search_backend=dynamodb;3601"],
        ["extensions:dynamodb_index:max_write_units"] = [.. NoWholeNumbers, "search_backend=dynamodb;-1", "search_backend=dynamodb;1000001"],
        ["extensions:dynamodb_index:max_read_units"] = [.. NoWholeNumbers, "search_backend=dynamodb;-1", "search_backend=dynamodb;1000001"],
        ["extensions:dynamodb_index:point_in_time_recovery"] = ["maybe"],
        ["extensions:dynamodb_index:deletion_protection"] = ["maybe"],
        ["extensions:dynamodb_index:kms_key_id"] = ["search_backend=dynamodb;a key", "search_backend=dynamodb;arn:aws:iam::123456789012:role/x", "search_backend=dynamodb;alias/"],
        ["extensions:dynamodb_index:tags"] = ["search_backend=dynamodb;team", "search_backend=dynamodb;aws:team=x", "search_backend=dynamodb;=x", "search_backend=dynamodb;team=" + new string('x', 257), "search_backend=dynamodb;team=<x>"],
        ["extensions:dynamodb_index:table_class"] = ["search_backend=dynamodb;cheap", "search_backend=dynamodb;GLACIER"],
        ["extensions:dynamodb_index:sweep_interval"] = [.. NoWholeNumbers, "-1", "8761"],
        ["s3_bucket"] = ["storage=s3;"],
        ["s3_access_key"] = ["storage=s3;s3_bucket=b;pa55word"],
        ["s3_secret_key"] = ["storage=s3;s3_bucket=b;pa55word"],
        ["s3_endpoint"] = ["storage=s3;s3_bucket=b;ftp://host", "storage=s3;s3_bucket=b;https://host/path", "storage=s3;s3_bucket=b;http://", "storage=s3;s3_bucket=b;http://256.0.0.1:9000", "storage=s3;s3_bucket=b;10.0.0.300:9000", $"storage=s3;s3_bucket=b;https://{Label}"],
        ["boto_host"] = ["storage=s3;s3_bucket=b;a host", "storage=s3;s3_bucket=b;256.0.0.1"],
        ["boto_port"] = NoWholeNumbers,
        ["s3_secure"] = ["maybe"],
        ["s3_force_path_style"] = ["maybe"],
    };

    public static TheoryData<string> Keys => [.. DocumentedSettings.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task An_invalid_setting_is_one_sentence_and_exit_code_2(string key)
    {
        KnownSettings.All.Should().ContainKey(key, "every documented setting is known");
        string[] wrong = KnownSettings.All[key].IsFile ? [Path.Combine(Directory, "nowhere"), Directory, await FifoAsync()] : Wrong.GetValueOrDefault(key) ?? [];
        foreach (var value in wrong)
            await RefusedAsync(key, value);
        await RefusedAsync(key, "a\u0000b");
        await RefusedAsync(key, "a\u001b[31m\nb");
        await RefusedAsync($"{key}{(key == "storage" ? ":0" : ":name")}", "x");
        if (key != "storage")
            await RefusedAsync($"{key}:0:name", "x");
        if (!KnownSettings.All[key].IsJoined)
            await RefusedAsync($"{key}:0", "x");
    }

    [Fact]
    public void Every_table_of_settings_in_the_documents_is_read() => DocumentedSettings.Keys.Should().HaveCountGreaterThan(45)
        .And.Contain(["urls", "registry_timeout", "htpasswd", "mirror:compare", "boto_port", "extensions:dynamodb_index:region", "extensions:dynamodb_index:retry_timeout"]);

    [Fact]
    public void A_wrong_value_of_every_setting_with_a_format_is_tested() => KnownSettings.All.Values
        .Where(setting => setting is { IsFile: false } && setting.Type != typeof(string) && DocumentedSettings.Keys.Contains(setting.Key)).Select(setting => setting.Key)
        .Should().BeSubsetOf(Wrong.Keys);

    // Any text may be valid, because only the store or the registry knows the names.
    private static readonly string[] AnyText =
        ["storage_path", "registry_username", "s3_region", "s3_security_token", "boto_bucket", "boto_calling_format"];

    [Fact]
    public void Every_setting_is_tested() => DocumentedSettings.Keys.Where(key => !KnownSettings.All[key].IsFile).Should().BeSubsetOf(Wrong.Keys.Concat(AnyText), "a new setting needs a wrong value in this table");

    [Fact]
    public void Every_options_class_is_checked()
    {
        var assemblies = typeof(KnownSettings).Assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("RegistryIndex", StringComparison.Ordinal)).Select(Assembly.Load).Append(typeof(KnownSettings).Assembly);
        assemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.GetProperties().Any(property => property.GetCustomAttribute<ConfigurationKeyNameAttribute>() is not null))
            .Should().BeEquivalentTo(KnownSettings.Classes.Select(known => known.Options), "KnownSettings names every class that settings are bound to");
    }

    [Theory]
    [InlineData("search x")]
    [InlineData("status")]
    [InlineData("export")]
    [InlineData("import -")]
    [InlineData("load")]
    [InlineData("sync")]
    [InlineData("sweep")]
    [InlineData("rebuild")]
    [InlineData("config")]
    [InlineData("migrate --from a --to b")]
    [InlineData("verify --from a --to b")]
    [InlineData("conformance")]
    [InlineData("delete a")]
    [InlineData("serve")]
    public async Task Every_command_checks_every_setting(string command)
    {
        foreach (var (key, value) in (IEnumerable<(string, string)>)[("rate_limit", "1oo"), ("sync_interval", "x"), ("extensions:dynamodb_index:retry_timeout", "30s"), ("Logging:LogLevel:Default", "verbose"), ("Kestrel:Endpoints:X:Url", "http://*:1"), ("events_secrets:0", "short"), ("htpasswd", "/nowhere"), ("Logging:Console:FormatterName", "jsn"), ("urls", "http://127.0.0.1:5080/base")])
        {
            var error = new StringWriter();
            (await CommandLine.RunAsync([.. command.Split(' '), "--set", $"{key}={value}"], TestContext.Current.CancellationToken, error)).Should().Be(2, "{0} {1}: {2}", command, key, TestContext.Current.CancellationToken, error);
            LinesOf(error).Should().ContainSingle().Which.Should().Contain(key.Split(':')[0]).And.Contain("command line)");
        }
    }

    [Fact]
    public async Task The_sentence_names_the_mistake_its_place_and_the_valid_values()
    {
        Write("registry.yml", "dev:\n  rate_limit: 1oo\n  registry_timeout: [30]\n  sync_interval: 9999\n  registry_password: hush\n");
        var (yaml, error) = (Path.Combine(Directory, "registry.yml"), new StringWriter());
        (await CommandLine.RunAsync(["search", "--config", yaml, "x"], TestContext.Current.CancellationToken, error)).Should().Be(2);
        LinesOf(error).Should().BeEquivalentTo(
            $"registry-index: rate_limit is '1oo' ({yaml}:dev, line 2), and must be a whole number, such as 100.",
            $"registry-index: registry_timeout is a list ({yaml}:dev, line 3), and must be one value.");

        Write("registry.yml", "dev:\n  sync_interval: 9999\n  registry: http://registry:5000\n  registry_password: hush-hush\n");
        error = new();
        (await CommandLine.RunAsync(["search", "--config", yaml, "x"], TestContext.Current.CancellationToken, error)).Should().Be(2);
        LinesOf(error).Should().BeEquivalentTo(
            $"registry-index: sync_interval is in hours, 0 (never) to 8760 (sync_interval = 9999, {yaml}:dev, line 2).",
            $"registry-index: registry_password has a password, but no user is set: set registry_username (registry_password = ***, {yaml}:dev, line 4).");
    }

    [Fact]
    public async Task The_sentence_does_not_name_the_enclosing_section()
    {
        var error = new StringWriter();
        (await CommandLine.RunAsync(["status", "--search-backend", "dynamodb", "--set", "extensions:dynamodb_index:region=Mars"], TestContext.Current.CancellationToken, error)).Should().Be(2);
        LinesOf(error).Should().ContainSingle().Which.Should().EndWith(" (extensions:dynamodb_index:region: command line).");
    }

    [Fact]
    public async Task The_wrong_item_of_a_list_is_named_without_secrets()
    {
        Write("registry.yml", "dev:\n  events_secrets:\n  - pa55word-pa55word\n  - pa55word\n  cors_origins:\n  - https://ui.example.com\n  - https://me:pa55word@ui.example.com\n");
        var (yaml, error) = (Path.Combine(Directory, "registry.yml"), new StringWriter());
        (await CommandLine.RunAsync(["config", "--config", yaml], TestContext.Current.CancellationToken, error)).Should().Be(2);
        LinesOf(error).Should().ContainSingle().Which.Should().StartWith($"registry-index: events_secrets:1 is '***' ({yaml}:dev, line 4), and must be of 16 characters or more");
        error = new();
        (await CommandLine.RunAsync(["config", "--config", yaml, "--set", "events_secrets="], TestContext.Current.CancellationToken, error)).Should().Be(2);
        LinesOf(error).Should().ContainSingle().Which.Should().Contain("cors_origins has 'https://***@ui.example.com'").And.NotContain("pa55word");
    }

    [Fact]
    public async Task A_setting_without_an_equals_sign_is_reported_without_its_value()
    {
        var error = new StringWriter();
        (await CommandLine.RunAsync(["config", "--set", "registry_password:pa55word"], TestContext.Current.CancellationToken, error)).Should().Be(2);
        LinesOf(error).Should().ContainSingle().Which.Should().Contain("KEY=VALUE").And.NotContain("pa55word");
    }

    [Fact]
    public async Task The_process_ends_with_the_sentence_for_every_source()
    {
        Write("appsettings.json", """{ "rate_limit": { "a": 1 }, "Logging": { "LogLevel": { "Default": "loud" } } }""");
        (string[] Environment, string[] Arguments, string Sentence)[] mistakes =
        [
            (["REGISTRYINDEX__RATE_LIMIT=1oo"], ["serve"], "rate_limit is '1oo' (environment variable REGISTRYINDEX__RATE_LIMIT), and must be a whole number, such as 100."),
            (["REGISTRYINDEX__KESTREL__ENDPOINTS__X__URL=http://*:1"], ["serve"], "Kestrel (environment variable REGISTRYINDEX__KESTREL__ENDPOINTS__X__URL)"),
            ([], ["serve"], "Logging:LogLevel:Default is 'loud' (appsettings.json), and must be one of Trace, "),
            ([], ["serve"], "rate_limit is a mapping (appsettings.json), and must be one value."),
        ];
        foreach (var (environment, arguments, sentence) in mistakes)
        {
            var result = await RegistryIndexProcess.RunInEnvironmentAsync(["-C", Directory, .. environment], arguments);
            result.ExitCode.Should().Be(2, result.Stderr);
            result.Stderr.Should().Contain(sentence).And.NotContain("   at ");
            result.Stdout.Should().BeEmpty();
        }
    }

    [Theory]
    [InlineData("dev:\n  search_backend: sqlalchemy\n  rate_limit: 1oo\n", "rate_limit is '1oo' (FILE:dev, line 3), and must be a whole number, such as 100.")]
    [InlineData("dev:\n  extensions:\n    dynamodb_index: {request_timeout: -1}\n  search_backend: dynamodb\n", "extensions:dynamodb_index:request_timeout is -1, and must be 1 to 300 seconds (*FILE:dev, line 3).")]
    [InlineData("dev:\n  sqlalchemy_index_database: mysql://u:pa55word@h/d\n", "*sqlalchemy_index_database*FILE:dev, line 2*")]
    [InlineData("dev:\n  sqlalchemy_index_database: [sqlite://]\n", "sqlalchemy_index_database is a list (FILE:dev, line 2), and must be one value.")]
    [InlineData("dev:\n  Kestrel: {Endpoints: {X: {Url: http://*:1}}}\n", "Kestrel (FILE:dev, line 2) is a setting of the web server that bypasses the checks of this program: *")]
    [InlineData("search_backend: sqlalchemy\n", "FILE, line 1: 'search_backend' is at top level, *")]
    [InlineData("prod: {}\n", "FILE has no flavor 'dev'; its only one is 'prod': choose that with --flavor or SETTINGS_FLAVOR.")]
    [InlineData(null, "*The configuration file 'FILE' cannot be read: the file does not exist.")]
    public async Task The_source_and_target_of_a_migration_are_checked_like_any_configuration(string? yaml, string expected)
    {
        var file = Path.Combine(Directory, "side.yml");
        if (yaml is not null)
            Write("side.yml", yaml);
        Write("right.yml", "dev: {sqlalchemy_index_database: 'sqlite://'}\n");
        foreach (var command in (string[][])[["migrate", "--from", $"{file}#dev", "--to", "sqlite://"], ["verify", "--from", $"{file}#dev", "--to", "sqlite://"]])
        {
            var error = new StringWriter();
            (await CommandLine.RunAsync(command, TestContext.Current.CancellationToken, error)).Should().Be(2, "{0}", error);
            LinesOf(error).Should().ContainSingle().Which.Should().Match("registry-index: *" + expected.Replace("FILE", file, StringComparison.Ordinal)).And.NotContain("pa55word").And.NotContain("   at ");
        }
    }

    [Theory]
    [InlineData("search x")]
    [InlineData("load")]
    [InlineData("sync")]
    [InlineData("status")]
    [InlineData("migrate --from sqlite:// --to sqlite://")]
    [InlineData("serve")]
    public async Task A_file_that_is_not_a_configuration_ends_every_command(string command)
    {
        Write("flat.yml", "search_backend: sqlalchemy\n");
        var (file, error) = (Path.Combine(Directory, "flat.yml"), new StringWriter());
        (await CommandLine.RunAsync([.. command.Split(' '), "--config", file], TestContext.Current.CancellationToken, error)).Should().Be(2);
        LinesOf(error).Should().ContainSingle().Which.Should().StartWith($"registry-index: {file}, line 1: 'search_backend' is at top level, ");
    }

    [Theory]
    [InlineData("htpasswd", "reader:plain\n", "has no user with a bcrypt hash")]
    [InlineData("events_secrets_file", "short\n", "has no secret of 16 characters or more")]
    [InlineData("tls_certificate_file", "no PEM\n", "not a matching PEM certificate and key")]
    [InlineData("registry_ca_file", "no PEM\n", "contains no certificate")]
    [InlineData("registry_client_certificate_file", "no PEM\n", "not a matching PEM certificate and key")]
    public async Task Every_command_checks_the_content_of_files(string key, string content, string problem)
    {
        Write("file", content);
        foreach (var command in (string[])["serve", "config", "status", "load", "sync", "search x", "migrate --from a --to b", "conformance"])
        {
            var error = new StringWriter();
            (await CommandLine.RunAsync([.. command.Split(' '), "--database", "sqlite://", "--registry", "https://127.0.0.1:1", "--set", $"{key}={Path.Combine(Directory, "file")}"], TestContext.Current.CancellationToken, error)).Should().Be(2, "{0}: {1}", command, error);
            LinesOf(error).Should().ContainSingle().Which.Should().Contain(key).And.Contain(problem).And.Contain("command line)").And.NotContain("   at ");
        }
    }

    [Fact]
    public async Task A_file_that_only_the_servers_user_can_read_does_not_stop_commands_of_others()
    {
        Assert.SkipWhen(EmptyMachine.WhyNot is not null, EmptyMachine.WhyNot ?? "");
        var result = await EmptyMachine.RunAsync("""
            settings="--set search_backend= --registry https://127.0.0.1:1 --set registry_username=u"
            for key in htpasswd events_secrets_file tls_certificate_file registry_ca_file registry_password_file; do
                echo 'nothing that nobody could judge' > /tmp/$key; chmod 600 /tmp/$key; settings="$settings --set $key=/tmp/$key"
            done
            for command in "search x" config sync serve; do
                as_nobody registry-index $command $settings 2>&1 | cat > /tmp/said; echo "$command: $(grep -c 'this user may not read it' /tmp/said) of $(grep -c registry-index: /tmp/said)"
            done
            """);
        result.Stdout.Should().Be("search x: 0 of 0\nconfig: 0 of 0\nsync: 2 of 2\nserve: 5 of 5\n", result.Stderr);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(" \r\npa55word\n")]
    public async Task A_file_without_a_password_in_its_first_line_is_one_sentence(string content)
    {
        Write("password", content);
        var (file, error) = (Path.Combine(Directory, "password"), new StringWriter());
        (await CommandLine.RunAsync(["sync", "--database", "sqlite://", "--registry", "http://127.0.0.1:1", "--set", "registry_username=u", "--set", $"registry_password_file={file}"], TestContext.Current.CancellationToken, error)).Should().Be(2);
        LinesOf(error).Should().ContainSingle().Which.Should().Contain($"registry_password_file '{file}' has no password: write it in the first line").And.NotContain("pa55word");
        foreach (var bytes in (byte[][])[[.. "PK\u0003\u0004\0\npa55word"u8], [.. "pa55w"u8, 0xF6, .. "rd"u8]])
        {
            await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
            error = new();
            (await CommandLine.RunAsync(["sync", "--database", "sqlite://", "--registry", "http://127.0.0.1:1", "--set", "registry_username=u", "--set", $"registry_password_file={file}"], TestContext.Current.CancellationToken, error)).Should().Be(2);
            LinesOf(error).Should().ContainSingle().Which.Should().Contain($"registry_password_file '{file}' is not UTF-8 text: write only the secret into it").And.NotContain("pa55w");
        }
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("OFF", false)]
    [InlineData("1", true)]
    [InlineData(" false ", false)]
    [InlineData("", false)]
    public void A_boolean_is_written_as_in_YAML_and_an_empty_one_is_not_set(string value, bool expected)
    {
        var settled = Settle(("allow_anonymous", value));
        settled.GetValue<bool>("allow_anonymous").Should().Be(expected);
        settled["allow_anonymous"].Should().Be(value.Length == 0 ? null : expected.ToString(CultureInfo.InvariantCulture).ToLowerInvariant());
    }

    [Fact]
    public void An_empty_number_is_the_default_and_an_empty_text_is_empty()
    {
        var settled = Settle(("rate_limit", ""), ("extensions:dynamodb_index:request_timeout", " "), ("search_backend", ""));
        settled["rate_limit"].Should().BeNull();
        settled["extensions:dynamodb_index:request_timeout"].Should().BeNull();
        settled["search_backend"].Should().BeEmpty();
    }

    [Fact]
    public void Several_values_may_be_a_list_and_only_that_of_the_highest_source_is_used()
    {
        Write("registry.yml", "dev:\n  urls: [http://127.0.0.1:1, http://127.0.0.1:2]\n  events_secrets: [first-secret-0000, second-secret-000]\n  trusted_proxies: [10.0.0.1, 10.0.0.2]\n");
        var input = Input with { File = "registry.yml" };
        var settled = SettingsCheck.Settle(Configure(input));
        settled["urls"].Should().Be("http://127.0.0.1:1;http://127.0.0.1:2");
        settled["trusted_proxies"].Should().Be("10.0.0.1;10.0.0.2");
        settled["events_secrets"].Should().Be("first-secret-0000;second-secret-000");
        Set("REGISTRYINDEX__EVENTS_SECRETS", "third-secret-0000");
        Set("REGISTRYINDEX__URLS", "http://127.0.0.1:3");
        settled = SettingsCheck.Settle(Configure(input));
        settled["urls"].Should().Be("http://127.0.0.1:3");
        settled["events_secrets"].Should().Be("third-secret-0000", "a replaced secret is refused");
    }

    private IConfigurationRoot Settle(params (string Key, string Value)[] settings) =>
        SettingsCheck.Settle(Configure(Input with { CommandLine = settings.ToDictionary(setting => setting.Key, setting => setting.Value) }));

    private async Task RefusedAsync(string key, string wrong)
    {
        string[] given = wrong.StartsWith("http", StringComparison.Ordinal) ? [wrong] : wrong.Split(';');
        var others = key == "sqlalchemy_index_database" ? [] : given[..^1].Where(setting => setting.Contains('=', StringComparison.Ordinal)).ToArray();
        var value = others.Length > 0 ? given[^1] : wrong;
        value = value == "FILE" ? typeof(WrongSettingsTests).Assembly.Location : value;
        string[] database = key == "sqlalchemy_index_database" ? [] : ["--set", "sqlalchemy_index_database=sqlite://"];
        var lines = new List<string>();
        foreach (var command in (string[])["serve", "config"])
        {
            var error = new StringWriter();
            using var started = new CancellationTokenSource(TimeSpan.FromMinutes(2)); // a server that accepts the value keeps running
            var exitCode = await CommandLine.RunAsync([command, .. database, .. others.SelectMany(setting => (string[])["--set", setting]), "--set", $"{key}={value}"], started.Token, error);
            exitCode.Should().Be(2, "{0}: {1} is '{2}': {3}", command, key, value, error);
            lines.Add(LinesOf(error).Should().ContainSingle("{0} is '{1}'", key, value).Which);
        }

        var line = lines.Distinct(StringComparer.Ordinal).Should().ContainSingle("both commands print the same sentence").Which;
        line.Should().StartWith("registry-index: ").And.EndWith(".").And.NotContain("pa55word").And.NotContain("   at ").And.NotContain("Exception");
        line.Should().Match("*command line*", "the place is named").And.NotMatch("*\u001b*");
        line.Should().Contain(key.Split(':')[0]);
    }

    private async Task<string> FifoAsync()
    {
        var path = Path.Combine(Directory, "fifo");
        (await RegistryIndex.Testing.Registry.ProcessRunner.RunAsync("mkfifo", [path])).ExitCode.Should().Be(0);
        return path;
    }

    private static string[] LinesOf(StringWriter error) => error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
