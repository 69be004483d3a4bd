using RegistryIndex.Server.Commands;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Tests.Configuration;

/// <summary>An unknown key is reported only if it resembles a setting, and then with the name of that setting.</summary>
public sealed class UnknownSettingsTests : Workspace
{
    [Theory]
    [InlineData("search_backnd", "search_backend")]
    [InlineData("serach_backend", "search_backend")]
    [InlineData("searchBackend", "search_backend")]
    [InlineData("search-backend", "search_backend")]
    [InlineData("sqlalchemy_database", "sqlalchemy_index_database")]
    [InlineData("storage_pth", "storage_path")]
    [InlineData("url", "urls")]
    [InlineData("htpaswd", "htpasswd")]
    [InlineData("ratelimit", "rate_limit")]
    [InlineData("event_secrets", "events_secrets")]
    [InlineData("events_secret:0", "events_secrets")]
    [InlineData("trusted_proxy", "trusted_proxies")]
    [InlineData("cors_origin:0", "cors_origins")]
    [InlineData("description_key", "description_keys")]
    [InlineData("tls_cert_file", "tls_certificate_file")]
    [InlineData("registry_url", "registry_public_url")]
    [InlineData("registry_user", "registry_username")]
    [InlineData("registry_client_cert_file", "registry_client_certificate_file")]
    [InlineData("mirror:secundary", "mirror:secondary")]
    [InlineData("s3:bucket", "s3_bucket")]
    [InlineData("extension:dynamodb_index:region", "extensions:dynamodb_index:region")]
    [InlineData("extensions:dynamodb:region", "extensions:dynamodb_index:region")]
    [InlineData("extensions:dynamodb_index:regoin", "extensions:dynamodb_index:region")]
    [InlineData("extensions:dynamodb_index:max_write_unit", "extensions:dynamodb_index:max_write_units")]
    [InlineData("Loging:LogLevel:Default", "Logging:LogLevel:Default")]
    [InlineData("Logging:LogLevl:Microsoft.AspNetCore", "Logging:LogLevel:Microsoft.AspNetCore")]
    public void A_misspelled_setting_is_reported_with_a_suggestion(string key, string meant) => UnknownSettings.FindMeant(key).Should().Be(meant);

    [Theory]
    [InlineData("issue loglevel debug standalone index_endpoint storage_redirect storage_alternate disable_token_auth privileged_key secret_key source source_index bugsnag oauth2")]
    [InlineData("mirroring:source mirroring:source_index mirroring:tags_cache_ttl tags_cache:enabled tags_cache:ttl mirrors:0 cache cache:host cache:port cache:db cache:password cache_lru:host cache_lru:password")]
    [InlineData("email_exceptions:smtp_host email_exceptions:smtp_port email_exceptions:smtp_login email_exceptions:smtp_password email_exceptions:smtp_secure email_exceptions:from_addr email_exceptions:to_addr")]
    [InlineData("cors:origins cors:methods cors:headers:0 cors:expose_headers cors:supports_credentials cors:max_age cors:send_wildcard cors:always_send cors:automatic_options cors:vary_header cors:resources")]
    [InlineData("s3_region s3_bucket boto_bucket s3_encrypt s3_secure s3_access_key s3_secret_key s3_use_sigv4 boto_host boto_port boto_debug boto_calling_format")]
    [InlineData("gs_secure gs_access_key gs_secret_key azure_storage_account_name azure_storage_account_key azure_storage_container azure_use_https oss_bucket oss_accessid oss_accesskey")]
    [InlineData("swift_authurl swift_container swift_user swift_password swift_tenant_name swift_region_name elliptics_nodes elliptics_wait_timeout elliptics_groups elliptics_logfile elliptics_addr_family")]
    [InlineData("storage:s3:encrypt storage:s3:keyid storage:s3:v4auth storage:s3:chunksize storage:s3:skipverify storage:s3:storageclass storage:s3:accelerate storage:s3:objectacl storage:s3:useragent storage:s3:loglevel")]
    [InlineData("storage:delete:enabled storage:cache:blobdescriptor storage:filesystem:rootdirectory storage:filesystem:maxthreads storage:maintenance:uploadpurging:enabled storage:redirect:disable storage:tag:concurrencylimit")]
    [InlineData("Logging:LogLevel:Default Logging:Console:FormatterName Logging:EventLog:LogLevel:Default AllowedHosts ConnectionStrings:Index DetailedErrors $schema profiles:http:commandName Serilog:MinimumLevel ApplicationInsights:ConnectionString")]
    [InlineData("a b x foo port host name owner extensions:my_index:host extensions:my_index:password elasticsearch:url my_backend:timeout")]
    public void Settings_of_other_programs_are_ignored(string keys)
    {
        foreach (var key in keys.Split(' '))
            UnknownSettings.FindMeant(key).Should().BeNull("{0} is a known setting", key);
    }

    [Fact]
    public void A_known_setting_is_not_reported_and_one_with_a_wrong_letter_is()
    {
        foreach (var key in KnownSettings.All.Keys)
        {
            UnknownSettings.FindMeant(key).Should().BeNull();
            UnknownSettings.FindMeant(key.ToUpperInvariant()).Should().BeNull();
            if (key != "storage" && key.Length > 5 && key[^1] != key[^2])
                UnknownSettings.FindMeant(key[..^2] + key[^1] + key[^2]).Should().NotBeNull("that is {0} with two letters exchanged", key);
        }
    }

    [Fact]
    public void Misspelled_settings_of_every_source_are_reported_with_their_place()
    {
        Write("registry.yml", "common: &common\n  search_backnd: dynamodb\ndev:\n  <<: *common\n  loglevel: info\n  trusted_proxy: [10.0.0.1, 10.0.0.2]\n");
        Write("appsettings.json", """{ "Loging": { "LogLevel": { "Default": "Debug" } }, "AllowedHosts": "*" }""");
        Set("REGISTRYINDEX__STORAGE_PTH", "/x");
        var layers = Configure(Input with { File = "registry.yml", CommandLine = new Dictionary<string, string> { ["url"] = "http://127.0.0.1:1" } });
        var file = Path.Combine(Directory, "registry.yml");
        UnknownSettings.Find(layers).Should().BeEquivalentTo(
            "Loging:LogLevel:Default (appsettings.json) is not a setting, and has no effect: did you mean Logging:LogLevel:Default?",
            $"search_backnd ({file}:dev, line 2) is not a setting, and has no effect: did you mean search_backend?",
            $"trusted_proxy:0 ({file}:dev, line 6) is not a setting, and has no effect: did you mean trusted_proxies?",
            "storage_pth (environment variable REGISTRYINDEX__STORAGE_PTH) is not a setting, and has no effect: did you mean storage_path?",
            "url (command line) is not a setting, and has no effect: did you mean urls?");
    }

    [Theory]
    [InlineData("REGISTRYINDEX_URLS", "REGISTRYINDEX__URLS")]
    [InlineData("REGISTRY_INDEX__SEARCH_BACKEND", "REGISTRYINDEX__SEARCH_BACKEND")]
    [InlineData("RegistryIndex:storage_path", "REGISTRYINDEX__STORAGE_PATH")]
    [InlineData("REGISTRYINDEX_EXTENSIONS__DYNAMODB_INDEX__REGION", "REGISTRYINDEX__EXTENSIONS__DYNAMODB_INDEX__REGION")]
    [InlineData("REGISTRYINDEX_EVENT_SECRETS", "REGISTRYINDEX__EVENTS_SECRETS")]
    public void A_variable_with_a_misspelled_prefix_is_reported(string variable, string meant)
    {
        Set(variable, "x");
        UnknownSettings.Find(Configure()).Should().Equal($"The environment variable {variable} is not a setting, and has no effect: did you mean {meant}?");
    }

    [Theory]
    [InlineData("REGISTRY_INDEX_SERVICE_HOST")]
    [InlineData("REGISTRY_INDEX_SERVICE_PORT")]
    [InlineData("REGISTRY_INDEX_PORT")]
    [InlineData("REGISTRY_INDEX_PORT_5080_TCP_ADDR")]
    [InlineData("REGISTRYINDEX_HOME")]
    [InlineData("REGISTRYINDEX_VERSION")]
    [InlineData("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY")]
    [InlineData("REGISTRY_HTTP_ADDR")]
    [InlineData("REGISTRY_URL")]
    [InlineData("SEARCH_BACKND")]
    [InlineData("URLS")]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("STORAGE_DRIVER")]
    public void A_variable_of_another_program_is_ignored(string variable)
    {
        Set(variable, "x");
        UnknownSettings.Find(Configure()).Should().BeEmpty();
    }

    [Fact]
    public void A_docker_registry_file_is_read_without_warnings()
    {
        Write("registry.yml", SampleFile.Text);
        foreach (var flavor in (string[])["dev", "test", "prod", "s3", "common"])
            UnknownSettings.Find(Configure(Input with { File = "registry.yml", Flavor = flavor })).Should().BeEmpty();
    }

    [Theory]
    [InlineData("search x")]
    [InlineData("status")]
    [InlineData("export")]
    [InlineData("load")]
    [InlineData("sync --registry http://127.0.0.1:1")]
    [InlineData("serve --urls http://127.0.0.1:1/base")]
    [InlineData("config")]
    [InlineData("migrate --from FILE --to sqlite://")]
    [InlineData("verify --from FILE --to FILE")]
    public async Task Every_command_warns_once_and_continues(string command)
    {
        Write("registry.yml", "dev:\n  search_backend: sqlalchemy\n  sqlalchemy_index_database: sqlite://\n  storage_pth: /x\nextension:\n  dynamodb_index: {region: x}\n");
        var (file, error) = (Path.Combine(Directory, "registry.yml"), new StringWriter());
        string[] configuration = command.Contains("FILE", StringComparison.Ordinal) ? [] : ["--config", file, "--set", "search_backnd=x"];
        await CommandLine.RunAsync([.. command.Split(' ').Select(word => word == "FILE" ? $"{file}#dev" : word), .. configuration], TestContext.Current.CancellationToken, error);
        var lines = error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] expected =
        [
            $"registry-index: warning: {file}, line 5: 'extension' is read as a flavor, and has no effect: did you mean extensions?",
            $"registry-index: warning: storage_pth ({file}:dev, line 4) is not a setting, and has no effect: did you mean storage_path?",
        ];
        foreach (var warning in expected)
            lines.Should().Contain(warning);
        if (configuration.Length > 0)
            lines.Where(line => line.Contains("warning", StringComparison.Ordinal)).Should().Equal([.. expected, "registry-index: warning: search_backnd (command line) is not a setting, and has no effect: did you mean search_backend?"]);
    }
}
