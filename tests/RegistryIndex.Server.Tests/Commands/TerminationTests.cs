using System.Diagnostics;
using RegistryIndex.Testing.PostgreSql;
using RegistryIndex.Testing.Server;

namespace RegistryIndex.Server.Tests.Commands;

/// <summary>Signals that init systems and users send to a process.</summary>
public sealed class TerminationTests
{
    // The command line is parsed first, with this assembly.
    private const string First = "System.CommandLine.dll";

    // The last assembly that it has loaded shows its progress.
    [Theory]
    [InlineData(First)]
    [InlineData("Microsoft.Extensions.Hosting.dll")]
    [InlineData("Microsoft.AspNetCore.Server.Kestrel.Core.dll")]
    [InlineData("Microsoft.EntityFrameworkCore.dll")]
    [InlineData("libe_sqlite3.so")]
    public async Task A_server_stopped_during_its_start_ends_cleanly_and_without_an_error(string loaded)
    {
        await using var server = RegistryIndexProcess.Start("serve", "--urls", "http://127.0.0.1:0", "--database", "sqlite://");
        await server.WaitUntilLoadedAsync(loaded);
        (await server.StopAsync()).Should().Be(0, server.Log);
        server.Log.Should().NotContain("fail:").And.NotContain("Interrupted").And.NotContain("   at ");
    }

    [Fact]
    public async Task A_server_whose_database_hangs_stops_cleanly_before_a_container_would_be_killed()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyNot is not null && !PostgreSqlServer.IsRequired, PostgreSqlServer.WhyNot ?? "");
        await using var database = await PostgreSqlServer.StartAsync();
        await using var server = await RegistryIndexProcess.ServeAsync("--database", database.UrlOf("postgres"));
        await server.WaitForAsync("Ready: searches are answered");
        await database.SignalAllAsync("STOP");
        try
        {
            using var client = new HttpClient();
            var search = client.GetAsync(new Uri($"http://{server.Address}/v1/search?q=web"), TestContext.Current.CancellationToken);
            await EndsInTimeAsync(server);
            await search.ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        finally
        {
            await database.SignalAllAsync("CONT");
        }
    }

    [Fact]
    public async Task A_server_whose_database_hangs_from_the_start_stops_cleanly_before_a_container_would_be_killed()
    {
        Assert.SkipWhen(PostgreSqlServer.WhyNot is not null && !PostgreSqlServer.IsRequired, PostgreSqlServer.WhyNot ?? "");
        await using var database = await PostgreSqlServer.StartAsync();
        await database.SignalAllAsync("STOP");
        try
        {
            await using var server = await RegistryIndexProcess.ServeAsync("--database", database.UrlOf("postgres"));
            await EndsInTimeAsync(server);
        }
        finally
        {
            await database.SignalAllAsync("CONT");
        }
    }

    // Docker and podman kill what has not ended after ten seconds.
    private static async Task EndsInTimeAsync(RegistryIndexProcess server)
    {
        var start = Stopwatch.GetTimestamp();
        (await server.StopAsync()).Should().Be(0, server.Log);
        Stopwatch.GetElapsedTime(start).Should().BeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_server_logs_its_version_and_its_index_before_it_is_ready()
    {
        await using var server = await RegistryIndexProcess.ServeAsync("--database", "sqlite://", "--registry", "http://127.0.0.1:9");
        await server.WaitForAsync("Ready: searches are answered");
        var log = server.Log;
        string[] lines = ["registry-index 0.1.0 on .NET 10", "Index: efcore, ", "Registry: http://127.0.0.1:9", "Login: none; every client that reaches the server may search", "Now listening on: http://127.0.0.1:", "Ready: searches are answered"];
        lines.Select(line => log.IndexOf(line, StringComparison.Ordinal)).Should().NotContain(-1, log).And.BeInAscendingOrder();
    }

    [Fact]
    public async Task An_interrupted_command_has_exit_code_130()
    {
        await using var command = RegistryIndexProcess.Start("conformance", "--database", "sqlite://");
        await command.WaitUntilLoadedAsync(First);
        (await command.StopAsync()).Should().Be(130, command.Log);
        command.Log.Should().Contain("Interrupted").And.NotContain("   at ");
    }
}
