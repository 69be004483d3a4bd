using RegistryIndex.Deployment.Tests.Images;
using RegistryIndex.Deployment.Tests.Releases;
using RegistryIndex.Testing;

namespace RegistryIndex.Deployment.Tests.Units;

/// <summary>The unit and its drop-in under a real systemd, with the program of a release.</summary>
public sealed class ServiceTests(Release release)
{
    private const string Service = "registry-index.service";

    [Fact]
    public async Task The_service_is_started_when_searches_are_answered_runs_as_its_own_user_and_stops_cleanly()
    {
        await using var machine = await SystemdMachine.BootAsync(release);
        await machine.RunAsync("systemctl", "start", Service);
        (await machine.AskAsync("http://127.0.0.1:5080/readyz")).Should().Be("200");
        (await machine.AskAsync("http://127.0.0.1:5080/v1/search?q=web")).Should().Be("200");
        (await machine.RunAsync("stat", "-L", "-c", "%a %U", "/var/lib/registry-index/index.db")).Trim().Should().Be("600 registry-index");
        var process = (await ShowAsync(machine, "MainPID")).Single();
        (await machine.RunAsync("cat", $"/proc/{process}/status")).Should().Contain("CapEff:\t0000000000000000").And.Contain("NoNewPrivs:\t1").And.Contain("Seccomp:\t2");

        await machine.RunAsync("systemctl", "stop", Service);
        (await ShowAsync(machine, "Result", "ExecMainStatus")).Should().Equal("success", "0");
        (await machine.LogAsync()).Should().Contain("Ready: searches are answered").And.NotContain("fail:").And.NotContain("systemd could not be notified");
    }

    [Fact]
    public async Task The_service_needs_no_ICU_unless_the_database_is_SQL_Server()
    {
        await using var machine = await SystemdMachine.BootAsync(release);
        await machine.RunAsync("sh", "-c", "rm -f /usr/lib*/libicu* /usr/lib/*/libicu*");
        await machine.RunAsync("systemctl", "start", Service);
        (await machine.AskAsync("http://127.0.0.1:5080/v1/search?q=web")).Should().Be("200");

        var search = await machine.TryAsync("registry-index", "search", "web", "--database", "mssql://sa:secret@127.0.0.1:1/index");
        search.Stderr.Should().Contain("SQL Server's driver needs culture data, which this process does not have; install libicu");
    }

    [Fact]
    public async Task The_service_restarts_after_a_crash_with_the_same_index()
    {
        await using var machine = await SystemdMachine.BootAsync(release);
        await machine.RunAsync("systemctl", "start", Service);
        await machine.RunAsync("kill", "-KILL", (await ShowAsync(machine, "MainPID")).Single());
        await Eventually.BeAsync(async () => (await ShowAsync(machine, "NRestarts", "ActiveState")) is ["1", "active"]);
        (await machine.AskAsync("http://127.0.0.1:5080/readyz")).Should().Be("200");
    }

    [Fact]
    public async Task The_secrets_are_credentials_from_the_drop_in_and_files_of_root()
    {
        await using var machine = await SystemdMachine.BootAsync(release);
        await machine.RunAsync("cp", "/opt/registry-index/secrets.conf", $"/etc/systemd/system/{Service}.d");
        var secret = new string('s', 64);
        var user = (await ServerImage.RunAsync("htpasswd", "-nbB", "-C", "4", "reader", "for the reader")).Trim();
        foreach (var (name, content) in new[] { ("events-secret", secret), ("registry-password", "of the index"), ("htpasswd", user) })
            await machine.RunAsync("sh", "-c", "umask 077 && echo \"$1\" > /etc/registry-index/$0", name, content);
        await machine.RunAsync("systemctl", "daemon-reload");
        await machine.RunAsync("systemctl", "start", Service);

        const string Search = "http://127.0.0.1:5080/v1/search?q=web";
        (await machine.AskAsync(Search)).Should().Be("401");
        (await machine.AskAsync("-u", "reader:for the reader", Search)).Should().Be("200");
        string[] events = ["-H", "Content-Type: application/vnd.docker.distribution.events.v1+json", "-d", "{\"events\":[]}", "http://127.0.0.1:5080/events"];
        (await machine.AskAsync(["-H", "Authorization: Bearer another", .. events])).Should().Be("401");
        (await machine.AskAsync(["-H", $"Authorization: Bearer {secret}", .. events])).Should().Be("202");
    }

    private static async Task<string[]> ShowAsync(SystemdMachine machine, params string[] properties)
    {
        var lines = (await machine.RunAsync(["systemctl", "show", Service, .. properties.SelectMany(property => new[] { "-p", property })])).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. properties.Select(property => lines.Single(line => line.StartsWith($"{property}=", StringComparison.Ordinal))[(property.Length + 1)..])];
    }
}
