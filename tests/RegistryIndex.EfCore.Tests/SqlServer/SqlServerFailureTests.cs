using Microsoft.Extensions.Options;

namespace RegistryIndex.EfCore.Tests.SqlServer;

public sealed class SqlServerFailureTests
{
    /// <summary>Whether this process runs without culture data, which SQL Server's driver needs.</summary>
    public static bool IsInvariant { get; } = Environment.GetEnvironmentVariable("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT") is "1" or "true";

    [Fact]
    public async Task Without_culture_data_the_error_says_what_to_do()
    {
        Assert.SkipUnless(IsInvariant, "This process has culture data: DOTNET_SYSTEM_GLOBALIZATION_INVARIANT is not set.");
        await using var index = Create();
        var opening = () => index.InitializeAsync(TestContext.Current.CancellationToken);
        (await opening.Should().ThrowAsync<RegistryIndexException>().WithMessage("*install libicu*")).Which.MayRetry.Should().BeFalse();
    }

    [Fact]
    public async Task An_unreachable_server_is_a_retryable_error_of_one_sentence()
    {
        Assert.SkipWhen(IsInvariant, "SQL Server's driver does not work in invariant mode.");
        await using var index = Create();
        var opening = () => index.InitializeAsync(TestContext.Current.CancellationToken);
        var error = (await opening.Should().ThrowAsync<RegistryIndexException>().WithMessage("efcore initialize: the server cannot be reached*")).Which;
        error.MayRetry.Should().BeTrue();
        error.Message.Should().NotContain("s3cret").And.NotContain("\n");
    }

    private static EfCoreRegistryIndex Create() =>
        new(Options.Create(new EfCoreIndexOptions { Database = "mssql+pymssql://sa:s3cret@127.0.0.1:1/registry?login_timeout=5" }.WithEngines()), new Lines());
}
