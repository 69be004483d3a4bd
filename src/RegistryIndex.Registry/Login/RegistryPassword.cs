using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using RegistryIndex.Files;
using RegistryIndex.Sources;

namespace RegistryIndex.Registry.Login;

/// <summary>
/// User and password for the registry; the password is that of the settings, or the first line of the file that they name, which is
/// opened when it is first needed and read again when it changes. Thread-safe.
/// </summary>
internal sealed class RegistryPassword(RegistryOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly Lock _gate = new();
    private WatchedFiles<string>? _file;

    /// <summary>Whether there is somebody to log in as.</summary>
    public bool IsThere => !string.IsNullOrEmpty(options.Username);

    /// <summary>Null where there is nobody to log in as.</summary>
    /// <exception cref="UnusableFileException">The file cannot be read.</exception>
    public AuthenticationHeaderValue? Header => IsThere ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Username}:{Password()}"))) : null;

    /// <exception cref="UnusableFileException">There is no password in it, or no text.</exception>
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
