using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RegistryIndex.Sources;

namespace RegistryIndex.Server.Access;

/// <summary>Checks the content of the files that the options name, as far as this user may read them. Their locations are checked earlier.</summary>
internal sealed class AccessFilesValidator : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        string[] problems =
        [
            .. FindProblem(options.Htpasswd, file => Htpasswd.Watch(file, TimeProvider.System, NullLogger.Instance)),
            .. FindProblem(options.EventSecretsFile, file => EventSecrets.Watch(file, hasOthers: options.Secrets.Any(), TimeProvider.System, NullLogger.Instance)),
            .. FindProblem(options.CertificateFile, file => new ServerCertificate(file, options.CertificateKeyFile, TimeProvider.System, NullLogger<ServerCertificate>.Instance)),
        ];
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static string[] FindProblem(string? file, Func<string, IDisposable> read)
    {
        try
        {
            if (!string.IsNullOrEmpty(file))
                read(file).Dispose();
            return [];
        }
        catch (Exception error) when (error is ConfigurationMistakeException or UnusableFileException)
        {
            return error.InnerException is UnauthorizedAccessException ? [] : [error.Message];
        }
    }
}
