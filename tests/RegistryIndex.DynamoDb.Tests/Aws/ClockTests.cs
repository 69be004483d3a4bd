using RegistryIndex.DynamoDb.Postings;
using RegistryIndex.Testing.Aws;

namespace RegistryIndex.DynamoDb.Tests.Aws;

/// <summary>With a clock that is hours off, one sentence says so, and requests are signed with the service's time.</summary>
public sealed class ClockTests
{
    [Theory]
    [InlineData(3, "3 hours behind")]
    [InlineData(-26, "1 day and 2 hours ahead")]
    public async Task A_wrong_clock_is_logged_once_and_the_request_is_signed_again(int ahead, string off)
    {
        await using var machine = await NewAsync(ahead);
        var search = await machine.RunAsync("search", "shop");
        (search.ExitCode, search.Stdout).Should().Be((0, "web/shop\tThe shop\n"), search.Stderr);
        search.Stderr.Should().Contain($"The clock of this machine is {off} of that of {machine.Aws.Endpoint}: set it, for example with NTP.");
        search.Stderr.Split("The clock of this machine").Should().HaveCount(2, "it is said once: {0}", search.Stderr);
        machine.Aws.Refused.Should().NotBeEmpty().And.HaveCountLessThanOrEqualTo(3, "only concurrent requests before the first answer are refused");
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public async Task Writes_have_the_time_of_the_service_even_if_the_clock_of_the_machine_is_wrong(int ahead)
    {
        await using var machine = await NewAsync(ahead);
        var import = await machine.RunAsync("import", machine.Write("list.tsv", "web/new\tA new one\n"));
        import.ExitCode.Should().Be(0, import.Stderr);
        var row = await machine.RowOfAsync("web/new");
        foreach (var nonce in new[] { row.Nonce, row.NameNonce })
            (Nonce.TimeOf(nonce!) - DateTimeOffset.UtcNow)!.Value.TotalHours.Should().BeApproximately(ahead, precision: 1);
    }

    [Fact]
    public async Task If_clock_correction_is_disabled_the_command_fails_at_once_with_the_reason()
    {
        await using var machine = await NewAsync(ahead: 3);
        machine.Set("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "true");
        var search = await machine.RunAsync("search", "shop");
        search.ExitCode.Should().Be(1, search.Stderr);
        search.Stderr.Should().Contain($"dynamodb open: {machine.Aws.Endpoint} refused a request to the table '{machine.Prefix}-").And.Contain("(InvalidSignatureException), because the clock of this machine is 3 hours behind; set it, for example with NTP.");
    }

    [Fact]
    public async Task A_wrong_secret_is_not_reported_as_a_wrong_clock()
    {
        await using var machine = await NewAsync(ahead: 0);
        machine.Set("AWS_SECRET_ACCESS_KEY", "wrong");
        var search = await machine.RunAsync("search", "shop");
        search.ExitCode.Should().Be(1, search.Stderr);
        search.Stderr.Should().Contain("refused the credentials").And.Contain("The request signature we calculated does not match").And.NotContain("clock");
    }

    [Fact]
    public async Task Credentials_that_expired_by_the_time_of_the_service_are_renewed()
    {
        await using var machine = await AwsMachine.StartAsync();
        machine.Set("AWS_WEB_IDENTITY_TOKEN_FILE", machine.Write("token", FakeAws.WebIdentity));
        machine.Set("AWS_ROLE_ARN", FakeAws.Role);
        machine.Aws.MostUses = 3;
        var search = await machine.RunAsync("search", "shop");
        (search.ExitCode, search.Stdout).Should().Be((0, "web/shop\tThe shop\n"), search.Stderr);
        machine.Aws.Refused.Should().NotBeEmpty().And.OnlyContain(code => code == "ExpiredTokenException");
        machine.Aws.Asked.Count.Should().BeInRange(2, 3);
    }

    private static async Task<AwsMachine> NewAsync(double ahead)
    {
        var machine = await AwsMachine.StartAsync();
        var keys = machine.Aws.Issue("clock", isTemporary: false);
        machine.Set("AWS_ACCESS_KEY_ID", keys.AccessKey);
        machine.Set("AWS_SECRET_ACCESS_KEY", keys.Secret);
        machine.Aws.ClockAhead = TimeSpan.FromHours(ahead) + TimeSpan.FromSeconds(30 * Math.Sign(ahead));
        return machine;
    }
}
