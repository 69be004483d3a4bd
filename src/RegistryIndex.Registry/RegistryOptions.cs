using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex.Addresses;
using RegistryIndex.Files;
using RegistryIndex.Registry.Connecting;
using RegistryIndex.Registry.Login;
using RegistryIndex.Sources;

namespace RegistryIndex.Registry;

/// <summary>The registry whose API is used, and its login.</summary>
public sealed class RegistryOptions : IValidatableObject
{
    private const string Api = "/v2";

    /// <summary>The key <c>registry</c>: its address, such as <c>https://registry.example.com</c>; may have a path before <c>/v2/</c>.</summary>
    [ConfigurationKeyName("registry")]
    public string? Address { get; set; }

    /// <summary>The key <c>registry_username</c>: the user to log in as when the registry or its token server requires a login.</summary>
    [ConfigurationKeyName("registry_username")]
    public string? Username { get; set; }

    /// <summary>The key <c>registry_password</c>.</summary>
    [ConfigurationKeyName("registry_password")]
    public string? Password { get; set; }

    /// <summary>The key <c>registry_password_file</c>: the file whose first line is the password.</summary>
    [ConfigurationKeyName("registry_password_file")]
    public string? PasswordFile { get; set; }

    /// <summary>The key <c>registry_ca_file</c>: a PEM file of the authorities that may sign its certificate, instead of the system's.</summary>
    [ConfigurationKeyName("registry_ca_file")]
    public string? AuthorityFile { get; set; }

    /// <summary>
    /// The key <c>registry_client_certificate_file</c>: a PEM file of the client certificate, with its chain, for a registry that requires
    /// one.
    /// </summary>
    [ConfigurationKeyName("registry_client_certificate_file")]
    public string? ClientCertificateFile { get; set; }

    /// <summary>
    /// The key <c>registry_client_key_file</c>: a PEM file of the certificate's key; when it is not set, the key is in the certificate's
    /// file.
    /// </summary>
    [ConfigurationKeyName("registry_client_key_file")]
    public string? ClientKeyFile { get; set; }

    /// <summary>
    /// The key <c>registry_is_cache</c>: whether the registry is a pull-through cache (distribution's <c>proxy</c>), which must not be made
    /// to fetch images that no client pulled.
    /// </summary>
    [ConfigurationKeyName("registry_is_cache")]
    public bool IsCache { get; set; }

    /// <summary>The key <c>registry_timeout</c>: the seconds that a request may take; a catalog over S3 is slow.</summary>
    [ConfigurationKeyName("registry_timeout")]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Whether a registry is configured.</summary>
    public bool IsConfigured => !string.IsNullOrWhiteSpace(Address);

    // Users may copy the address of the API, as clients show it.
    internal Uri Base
    {
        get
        {
            var address = Address!.Trim().TrimEnd('/');
            return new((address.EndsWith(Api, StringComparison.Ordinal) ? address[..^Api.Length].TrimEnd('/') : address) + "/");
        }
    }

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (!IsConfigured)
            yield break;
        if (!Uri.TryCreate(Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            yield return new("registry is not an address: write it as http://host:port or https://host.");
            yield break;
        }

        if (HostName.FindProblem(address.Host) is { } problem)
            yield return new($"registry {problem}.");
        if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            yield return new("registry must be only an address: set user and password as registry_username and registry_password.");
        if (Base.AbsolutePath.Contains($"{Api}/", StringComparison.Ordinal))
            yield return new($"registry is an address within the API: omit everything from {Api} on, such as http://host:port.");
        if (TimeoutSeconds is < 1 or > 3600)
            yield return new("registry_timeout is in seconds, 1 to 3600.");
        if (!string.IsNullOrEmpty(Password) && !string.IsNullOrEmpty(PasswordFile))
            yield return new("registry_password and registry_password_file are both set: remove one of them.");
        if (string.IsNullOrEmpty(Username) && (!string.IsNullOrEmpty(Password) || !string.IsNullOrEmpty(PasswordFile)))
            yield return new($"{(string.IsNullOrEmpty(Password) ? "registry_password_file" : "registry_password")} has a password, but no user is set: set registry_username.");
        if (Username?.Contains(':', StringComparison.Ordinal) == true)
            yield return new("registry_username contains a colon, which a login cannot contain.");
        if (!string.IsNullOrEmpty(ClientKeyFile) && string.IsNullOrEmpty(ClientCertificateFile))
            yield return new("registry_client_key_file is set without a certificate: set registry_client_certificate_file.");
        else if (!string.IsNullOrEmpty(ClientCertificateFile) && address.Scheme != Uri.UriSchemeHttps)
            yield return new("registry_client_certificate_file is used with TLS only: write registry with https://.");
        if (EnvironmentProxy.OfProcess.FindProblem(address) is { } proxy)
            yield return new(proxy);
    }
}

[OptionsValidator]
internal sealed partial class RegistryOptionsValidator : IValidateOptions<RegistryOptions>;

/// <summary>Checks the content of the files that the options name.</summary>
/// <param name="mustRead">Whether this user must be able to read the files; if not, only readable files are checked.</param>
internal sealed class RegistryFilesValidator(bool mustRead) : IValidateOptions<RegistryOptions>
{
    public ValidateOptionsResult Validate(string? name, RegistryOptions options)
    {
        if (!options.IsConfigured)
            return ValidateOptionsResult.Success;
        string[] problems = FindUnreadable(options);
        if (problems.Length > 0)
            return ValidateOptionsResult.Fail(problems);
        problems =
        [
            .. string.IsNullOrEmpty(options.PasswordFile) ? [] : FindProblems([options.PasswordFile], contents => RegistryPassword.Read(options, contents)),
            .. FindProblems(TlsFiles.Of(options, isRegistry: true), contents => TlsFiles.Read(options, isRegistry: true, contents)),
        ];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private string[] FindUnreadable(RegistryOptions options)
    {
        var problems = new List<string>();
        foreach (var (key, file) in (IEnumerable<(string, string?)>)[
            ("registry_password_file", options.PasswordFile), ("registry_ca_file", options.AuthorityFile),
            ("registry_client_certificate_file", options.ClientCertificateFile), ("registry_client_key_file", options.ClientKeyFile)])
        {
            try
            {
                if (!string.IsNullOrEmpty(file))
                    PlainFile.Open(file).Dispose();
            }
            catch (UnauthorizedAccessException) when (!mustRead)
            {
                // Another user may be able to read it.
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                problems.Add($"{key} '{RepositoryName.Shown(file!)}' cannot be read ({error.Message.TrimEnd('.')}): check that it exists and that the server's user may read it.");
            }
        }

        return [.. problems];
    }

    private string[] FindProblems<T>(IReadOnlyList<string> files, Func<IReadOnlyList<byte[]>, T> read)
        where T : class
    {
        try
        {
            new WatchedFiles<T>(files, read, TimeProvider.System, NullLogger.Instance).Dispose();
            return [];
        }
        catch (UnusableFileException error)
        {
            return !mustRead && error.InnerException is UnauthorizedAccessException ? [] : [error.Message];
        }
    }
}
