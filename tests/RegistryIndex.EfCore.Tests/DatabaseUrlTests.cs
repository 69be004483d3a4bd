using System.Data.Common;
using RegistryIndex.EfCore.Sqlite;

namespace RegistryIndex.EfCore.Tests;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData("sqlite:////tmp/docker-registry.db", "/tmp/docker-registry.db")]
    [InlineData("sqlite:///index.db", "index.db")]
    [InlineData("SQLITE:///data/a b%20c.db", "data/a b%20c.db")]
    [InlineData("sqlite+pysqlite:////var/lib/x.db", "/var/lib/x.db")]
    [InlineData("Data Source=/var/lib/x.db;Cache=Private", "/var/lib/x.db")]
    public void Three_slashes_begin_a_relative_path_and_four_an_absolute_one(string url, string path) =>
        SqliteDatabase.FileOf(DatabaseUrl.Parse(url, EveryEngine.All).ConnectionString).Should().Be(Path.GetFullPath(path));

    [Theory]
    [InlineData("Host=db1,db2:5433,[::1]:5434;Database=d")]
    [InlineData("Host=2001:db8::1;Database=d")]
    [InlineData("Host=/var/run/postgresql;Database=d")]
    [InlineData("Host=@registry;Database=d")]
    [InlineData(@"Server=.\SQLEXPRESS;Database=d")]
    [InlineData(@"Server=(localdb)\MSSQLLocalDB;Database=d")]
    [InlineData(@"Server=np:\\.\pipe\sql\query;Database=d")]
    [InlineData(@"Server=tcp:db_1\SQL2022,1433;Database=d")]
    [InlineData("Server=[::1],1433;Database=d")]
    public void Every_valid_server_is_accepted(string value) => DatabaseUrl.FindProblem(value, EveryEngine.All).Should().BeNull();

    [Theory]
    [InlineData("postgresql://u:pa55word@256.0.0.1/d")]
    [InlineData("Host=db,10.0.0.300:5432;Database=d")]
    [InlineData("Host=a..b;Database=d")]
    [InlineData("mssql+pyodbc://u:pa55word@1.2.3.4.5:1433/d?driver=x")]
    [InlineData(@"Server=tcp:10.0.0.256\SQL2022,1433;Database=d")]
    public void An_impossible_host_is_reported(string value) => DatabaseUrl.FindProblem(value, EveryEngine.All).Should().Match("sqlalchemy_index_database has the host '*', which *.").And.NotContain("pa55word");

    [Theory]
    [InlineData("sqlite://")]
    [InlineData("sqlite:///:memory:")]
    [InlineData("Data Source=:memory:")]
    public void Without_a_path_the_database_is_in_memory(string url) => SqliteDatabase.FileOf(DatabaseUrl.Parse(url, EveryEngine.All).ConnectionString).Should().BeNull();

    [Theory]
    [InlineData("postgresql://db.example.com", "Host=db.example.com")]
    [InlineData("postgres://me:se%40cret%2F@db.example.com:5433/registry", "Host=db.example.com;Port=5433;Database=registry;Username=me;Password=se@cret/")]
    [InlineData("postgresql+psycopg2://me:a:b@[::1]:5433/my%20registry", "Host=::1;Port=5433;Database=my registry;Username=me;Password=a:b")]
    [InlineData("postgresql+psycopg2://me:p@ss@db/registry?sslmode=verify-full&connect_timeout=5", "Host=db;Database=registry;Username=me;Password=p@ss;SSL Mode=VerifyFull;Timeout=5")]
    [InlineData("postgresql:///registry?host=/var/run/postgresql&user=me", "Host=/var/run/postgresql;Database=registry;Username=me")]
    [InlineData("Host=db;Username=me;Password=secret;Database=registry", "Host=db;Database=registry;Username=me;Password=secret")]
    public void A_PostgreSQL_URL_becomes_a_connection_string_of_Npgsql(string url, string expected) =>
        ShouldSay(url, "PostgreSQL", expected + ";No Reset On Close=True;Application Name=registry-index");

    [Theory]
    [InlineData("mssql+pyodbc://sa:Pa%24%24w%3Brd@db.example.com:1434/registry?driver=ODBC+Driver+18+for+SQL+Server&TrustServerCertificate=yes", "Data Source=db.example.com,1434;Initial Catalog=registry;User ID=sa;Password=Pa$$w;rd;Trust Server Certificate=True")]
    [InlineData("mssql+pymssql://sa:secret@db/registry?charset=utf8", "Data Source=db;Initial Catalog=registry;User ID=sa;Password=secret")]
    [InlineData("mssql+pyodbc://db/registry?driver=SQL+Server&Encrypt=no", "Data Source=db;Initial Catalog=registry;Integrated Security=True;Encrypt=False")]
    [InlineData("mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BODBC+Driver+18+for+SQL+Server%7D%3BSERVER%3Dtcp%3Adb%2C1434%3BDATABASE%3Dregistry%3BUID%3Dsa%3BPWD%3D%7Bse%3Bcret%7D%7D%7D%3BEncrypt%3Dyes", "Data Source=db,1434;Initial Catalog=registry;User ID=sa;Password=se;cret};Encrypt=True")]
    [InlineData("Server=db;Database=registry;User Id=sa;Password=secret", "Data Source=db;Initial Catalog=registry;User ID=sa;Password=secret")]
    public void A_SQL_Server_URL_becomes_a_connection_string_of_SqlClient(string url, string expected) =>
        ShouldSay(url, "SQL Server", expected.Replace("Password=Pa$$w;rd", "Password='Pa$$w;rd'", StringComparison.Ordinal).Replace("Password=se;cret}", "Password='se;cret}'", StringComparison.Ordinal) + ";Application Name=registry-index");

    [Theory]
    [InlineData("index.db", "neither a database URL nor a connection string")]
    [InlineData("sqlite://host/index.db", "has a host")]
    [InlineData("sqlite:///index.db?mode=ro", "options after '?'")]
    [InlineData("sqlite:///~/index.db", "write the whole path")]
    [InlineData("Data Source=~/index.db", "write the whole path")]
    [InlineData("mysql://user:pa55word@host/db", "'mysql', which has no EF Core 10 provider")]
    [InlineData("mysql+pymysql://user:pa55word@host/db", "DbContextOptionsBuilder")]
    [InlineData("oracle://user:pa55word@host/db", "'oracle', which is not supported")]
    [InlineData("postgresql://user:pa55word@host:port/db", "the port 'port'")]
    [InlineData("postgresql://user:pa55word@host/db?colour=pa55word", "the option 'colour'")]
    [InlineData("postgresql://user:pa55word@host/db?sslmode=pa55word", "the option 'sslmode'")]
    [InlineData("postgresql://user:pa55word@host/db?port=1&port=2", "the option 'port' twice")]
    [InlineData("mssql+pyodbc://user:pa55word@data_source", "a data source of ODBC")]
    [InlineData("mssql+pyodbc:///?odbc_connect=PWD%3Dpa55word", "without a SERVER")]
    [InlineData("mssql+pyodbc:///?odbc_connect=pa55word", "not an ODBC connection string")]
    [InlineData("Host=db;Colour=pa55word", "the option 'colour' for PostgreSQL, which Npgsql does not know, or whose value it does not accept; remove it.")]
    [InlineData("Host=db;Ssl Mode=pa55word", "the option 'ssl mode' for PostgreSQL")]
    [InlineData("Host=db;Port=pa55word", "the option 'port' for PostgreSQL")]
    [InlineData("Host=db;Port=99999", "the port 99999: write a number from 1 to 65535.")]
    [InlineData("postgresql://db/x?port=99999", "the port 99999: write a number from 1 to 65535.")]
    [InlineData("Server=db;Colour=pa55word", "the option 'colour' for SQL Server, which SqlClient does not know, or whose value it does not accept; remove it.")]
    [InlineData("Server=db;Encrypt=pa55word", "the option 'encrypt' for SQL Server")]
    [InlineData("Server=db;Connect Timeout=pa55word", "the option 'connect timeout' for SQL Server")]
    [InlineData("Data Source=x;Colour=pa55word", "the option 'colour' for SQLite, which its driver does not know, or whose value it does not accept; remove it.")]
    [InlineData("Data Source=x;Mode=pa55word", "the option 'mode' for SQLite")]
    [InlineData("Data Source=x;Default Timeout=pa55word", "the option 'default timeout' for SQLite")]
    [InlineData("Data Source=x;Foreign Keys=pa55word", "the option 'foreign keys' for SQLite")]
    [InlineData("Data Source=~/x", "sqlalchemy_index_database names the file '~/x', and '~' is not expanded")]
    [InlineData("Password=pa55word", "without a server or a file")]
    [InlineData("user:pa55word@host", "neither a database URL nor a connection string")]
    public void Any_other_value_is_refused_in_one_sentence_without_secrets(string url, string problem) =>
        DatabaseUrl.FindProblem(url, EveryEngine.All).Should().Contain(problem).And.Contain("sqlalchemy_index_database").And.NotContain("pa55word").And.NotContain("\n");

    [Theory]
    [InlineData("sqlite:////data/index.db", "SQLite", "RegistryIndex.EfCore.Sqlite")]
    [InlineData("Data Source=index.db", "SQLite", "RegistryIndex.EfCore.Sqlite")]
    [InlineData("postgres://me:pa55word@host/registry", "PostgreSQL", "RegistryIndex.EfCore.PostgreSql")]
    [InlineData("Host=db;Database=registry", "PostgreSQL", "RegistryIndex.EfCore.PostgreSql")]
    [InlineData("mssql+pyodbc://me:pa55word@host/registry", "SQL Server", "RegistryIndex.EfCore.SqlServer")]
    [InlineData("Server=db;Database=registry", "SQL Server", "RegistryIndex.EfCore.SqlServer")]
    public void A_database_without_its_engine_is_an_error_that_names_the_package(string value, string name, string package)
    {
        DatabaseUrl.FindProblem(value, [.. EveryEngine.All.Where(engine => engine.Name != name)]).Should()
            .StartWith($"sqlalchemy_index_database names a {name} database").And.Contain($"add the package {package}").And.NotContain("pa55word");
        DatabaseUrl.FindProblem(value, [.. EveryEngine.All.Where(engine => engine.Name == name)]).Should().BeNull();
    }

    private static void ShouldSay(string url, string engine, string expected)
    {
        var (found, wanted) = (DatabaseUrl.Parse(url, EveryEngine.All), new DbConnectionStringBuilder { ConnectionString = expected });
        found.Engine.Name.Should().Be(engine);
        var words = new DbConnectionStringBuilder { ConnectionString = found.ConnectionString };
        words.Keys.Cast<string>().Select(key => $"{key}={words[key]}").Should().BeEquivalentTo(wanted.Keys.Cast<string>().Select(key => $"{key}={wanted[key]}"));
    }
}
