using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using RegistryIndex.Files;
using RegistryIndex.Sources;

namespace RegistryIndex.Registry.Login;

/// <summary>
/// The user and password for the registry. The password is that of the settings, or the first line of the file that they name. The file is
/// opened when the password is first needed, and read again when it changes. Thread-safe.
/// </summary>
internal sealed class RegistryPassword(RegistryOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private WatchedFiles<string>? _file;

    /// <summary>Whether a user is configured.</summary>
    public bool IsThere => !string.IsNullOrEmpty(options.Username);

    /// <summary>The header with the login; null when no user is configured.</summary>
    /// <exception cref="UnusableFileException">The file cannot be read.</exception>
    public AuthenticationHeaderValue? Header => IsThere ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{Password()}"))) : null;

    /// <exception cref="UnusableFileException">The file has no password, or is not text.</exception>
    public static string Read(RegistryOptions options, IReadOnlyList<byte[]> contents)
    {
        using var reader = new StringReader(SecretText.Read("registry_password_file", options.PasswordFile!, contents[0]));
        return reader.ReadLine() is { } password && !string.IsNullOrWhiteSpace(password)
            ? password
            : throw new UnusableFileException($"registry_password_file '{RepositoryName.Shown(options.PasswordFile!)}' has no password: write it in the first line.");
    }

    public void Dispose() => _file?.Dispose();

    private string? Password()
    {
        if (string.IsNullOrEmpty(options.PasswordFile))
            return options.Password;
        lock (_gate)
            return (_file ??= new([options.PasswordFile], contents => Read(options, contents), time, logger)).Value;
    }
}
