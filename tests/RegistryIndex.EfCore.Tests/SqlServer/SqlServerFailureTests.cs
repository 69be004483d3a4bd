using Microsoft.Extensions.Options;

namespace RegistryIndex.EfCore.Tests.SqlServer;

public sealed class SqlServerFailureTests
{
    /// <summary>Whether this process runs without culture data, in which SQL Server's driver does not work.</summary>
    public static bool IsInvariant { get; } = Environment.GetEnvironmentVariable("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT") is "1" or "true";

    [Fact]
    public async Task A_process_without_culture_data_is_told_what_to_do()
    {
        Assert.SkipUnless(IsInvariant, "This process has culture data: DOTNET_SYSTEM_GLOBALIZATION_INVARIANT is not set.");
        await using var index = Create();
        var opening = () => index.InitializeAsync(TestContext.Current.CancellationToken);
        (await opening.Should().ThrowAsync<RegistryIndexException>().WithMessage("*install libicu*")).Which.MayRetry.Should().BeFalse();
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_one_sentence_and_may_be_tried_again()
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
