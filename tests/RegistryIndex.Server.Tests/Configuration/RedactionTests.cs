using CsCheck;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Tests.Configuration;

public class RedactionTests
{
    [Theory]
    [InlineData("extensions:dynamodb_index:access_key")]
    [InlineData("extensions:dynamodb_index:secret_access_key")]
    [InlineData("s3_secret_key")]
    [InlineData("privileged_key")]
    [InlineData("aws_access_key_id")]
    [InlineData("smtp:SMTP_PASSWORD")]
    [InlineData("passwd")]
    [InlineData("auth_token")]
    [InlineData("tokens:0")]
    [InlineData("tokens:alice")]
    [InlineData("encryption_keys:12")]
    [InlineData("Azure:ApiKey")]
    [InlineData("key")]
    public void A_setting_with_a_secret_name_is_hidden_completely(string key)
    {
        Redaction.Redact(key, "hunter2").Should().Be("***");
        Redaction.Redact(key, "").Should().BeEmpty("an empty value is not a secret");
    }

    [Theory]
    [InlineData("registry_pasword")]
    [InlineData("registry_passwort")]
    [InlineData("extensions:dynamodb_index:secrt")]
    [InlineData("dynamodb_secret_acess_key")]
    [InlineData("extensions:dynamodb_index:secret_acess_kee")]
    [InlineData("event_secerts:0")]
    [InlineData("swift_pasword")]
    [InlineData("extensions:my_index:login")]
    [InlineData("")]
    public void An_unknown_setting_is_hidden_completely_because_it_may_be_a_misspelled_secret(string key) => Redaction.Redact(key, "hunter2").Should().Be("***");

    [Theory]
    [InlineData("search_backend", "sqlalchemy")]
    [InlineData("storage_path", "/var/lib/registry")]
    [InlineData("s3_bucket", "images")]
    [InlineData("description_keys", "description;summary")]
    [InlineData("description_keys:0", "summary")]
    [InlineData("storage_path", "/var/lib/registry=prod/a?b")]
    [InlineData("Logging:LogLevel:Default", "Debug")]
    [InlineData("Logging:Console:FormatterName", "simple")]
    [InlineData("urls", "http://127.0.0.1:5080;http://[::1]:5080")]
    [InlineData("sqlalchemy_index_database", "sqlite:////tmp/docker-registry.db")]
    [InlineData("sqlalchemy_index_database", "postgresql://me@db:5432/index")]
    [InlineData("sqlalchemy_index_database", "Data Source=/tmp/x.db;Foreign Keys=True;Cache=Shared")]
    [InlineData("sqlalchemy_index_database", "postgresql://me@db/index?sslmode=require&application_name=x")]
    [InlineData("registry_username", "me@example.org")]
    [InlineData("mirror:secondary", "dynamodb://index?region=eu-west-1")]
    public void Other_values_are_shown(string key, string value) => Redaction.Redact(key, value).Should().Be(value);

    [Theory]
    [InlineData("postgresql://me:hunter2@db:5432/index", "postgresql://me:***@db:5432/index")]
    [InlineData("mssql+pymssql://me:hunter@2:/x@db/index?timeout=5", "mssql+pymssql://me:***@db/index?timeout=5")]
    [InlineData("redis://:hunter2@cache", "redis://:***@cache")]
    [InlineData("http://proxy/ https://me:hunter2@host/", "http://***@host/")]
    [InlineData("https://ghp_hunter2@host/", "https://***@host/")]
    [InlineData("me:hunter2@host:5000", "me:***@host:5000")]
    [InlineData("http:/me:hunter2@host:5000", "http:***@host:5000")]
    [InlineData("postgresql://me%3Ahunter2@db/index", "postgresql://me%3A***@db/index")]
    [InlineData("https://a;https://me:hunter2@b", "https://***@b")]
    [InlineData("https://host/?X-Amz-Signature=hunter2", "https://host/?X-Amz-Signature=***")]
    [InlineData("https://host/?a=1#hunter2", "https://host/?a=***")]
    [InlineData("postgresql://db/index?user=me&pasword=hunter2&sslmode=require", "postgresql://db/index?user=me&pasword=***")]
    [InlineData("Host=db;Pasword=hunter2;Port=5", "Host=db;Pasword=***;Port=5")]
    [InlineData("host=db user=me password=hunter2 dbname=index", "host=***")]
    [InlineData("my password=hunter2", "my password=***")]
    [InlineData("mssql+pyodbc:///?odbc_connect=UID%3Dsa%3BPWD%3Dhunter%3B2%3BServer%3Ddb", "mssql+pyodbc:///?odbc_connect=***")]
    [InlineData("postgresql://db/index?user=me&password=hunter2", "postgresql://db/index?user=me&password=***")]
    [InlineData("Server=db;User Id=sa;Password=hunter2;Encrypt=True", "Server=db;User Id=sa;Password=***;Encrypt=True")]
    [InlineData("Server=db;pwd = 'hunter;2' ;Encrypt=True", "Server=db;pwd = ***;Encrypt=True")]
    [InlineData("Server=db;PASSWORD=\"hunter\"\";2\";Encrypt=True", "Server=db;PASSWORD=***;Encrypt=True")]
    [InlineData("Driver={ODBC Driver 18};PWD={hunter}};2};Server=db", "Driver={ODBC Driver 18};PWD=***;Server=db")]
    [InlineData("Password=\"hunter;2", "Password=***")]
    [InlineData("Password=;Server=db", "Password=***;Server=db")]
    [InlineData("Endpoint=https://x;AccountKey=hunter2==;Suffix=y", "Endpoint=https://x;AccountKey=***;Suffix=***")]
    [InlineData("Host=1;Password=hunter2;SSL Password=hunter3;Port=2", "Host=1;Password=***;SSL Password=***;Port=2")]
    [InlineData("Password=hunter\n2;Server=db", "Password=***;Server=db")]
    public void Only_the_password_within_a_value_is_hidden(string value, string expected) =>
        Redaction.Redact("sqlalchemy_index_database", value).Should().Be(expected);

    [Fact]
    public void No_password_of_a_url_is_shown_with_any_characters() =>
        Gen.Select(Gen.String[Gen.Char[' ', '~'], 1, 12], Gen.String[Gen.Char['a', 'z'], 0, 5]).Sample((password, user) =>
            Redaction.Redact("registry", $"https://{user}:#{password}#@host/path").Should().Be("https://***@host/path"));

    [Fact]
    public void No_quoted_password_of_a_connection_string_is_shown_with_any_characters() =>
        Gen.Select(Gen.String[Gen.Char[' ', '~'], 0, 12], Gen.Int[0, 2]).Sample((password, kind) =>
        {
            var quoted = kind switch
            {
                0 => $"\"{password.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
                1 => $"'{password.Replace("'", "''", StringComparison.Ordinal)}'",
                _ => $"{{{password.Replace("}", "}}", StringComparison.Ordinal)}}}",
            };
            Redaction.Redact("mirror:primary", $"Host=db;Password={quoted};Port=5").Should().Be("Host=db;Password=***;Port=5");
        });
}
