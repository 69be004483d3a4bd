using RegistryIndex.Server.Tests.Http;
using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Access;

/// <summary>A server with one user and one secret for events.</summary>
internal sealed class ProtectedServer : IAsyncDisposable
{
    public const string User = "reader";
    public const string Password = "correct horse ü";
    public const string Secret = "0123456789abcdef0123456789abcdef";
    private readonly TemporaryDirectory _directory = new();

    public RunningServer Server { get; private set; } = null!;

    public string Htpasswd => Path.Combine(_directory.Path, "htpasswd");

    public string SecretsFile => Path.Combine(_directory.Path, "secrets");

    public string Directory => _directory.Path;

    public string Address => Server.Client.BaseAddress!.Authority;

    /// <summary>A line as `htpasswd -B` writes it.</summary>
    public static string LineOf(string user, string password) => $"{user}:{BCrypt.Net.BCrypt.HashPassword(password, 5).Replace("$2a$", "$2y$", StringComparison.Ordinal)}";

    public static async Task<ProtectedServer> StartAsync(params (string Key, string Value)[] settings)
    {
        var server = new ProtectedServer();
        File.WriteAllText(server.Htpasswd, $"# users\n\n{LineOf(User, Password)}\n");
        File.WriteAllText(server.SecretsFile, Secret);
        server.Server = await RunningServer.StartAsync([("htpasswd", server.Htpasswd), ("events_secrets_file", server.SecretsFile), .. settings]);
        await server.Server.Index.UpsertAsync(new("team/app/web", "Front end"));
        await server.Server.Index.UpsertAsync(new("team/api"));
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _directory.Dispose();
    }
}
