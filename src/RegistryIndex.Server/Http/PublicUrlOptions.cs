using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using RegistryIndex.Addresses;

namespace RegistryIndex.Server.Http;

/// <summary>The address that users pull from.</summary>
internal sealed class PublicUrlOptions : IValidatableObject
{
    /// <summary>
    /// <c>registry_public_url</c>: the registry's address for its users, such as <c>https://registry.example.com</c>; a path is a prefix of
    /// every name.
    /// </summary>
    [ConfigurationKeyName("registry_public_url")]
    public string? Url { get; set; }

    /// <summary>The address, or null when it is not set.</summary>
    public Uri? Address => string.IsNullOrWhiteSpace(Url) ? null : new(Url);

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(Url))
            yield break;
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            yield return new($"registry_public_url is '{RepositoryName.Shown(Url)}', which is not an address: write it as https://host or http://host:port.");
        else if (HostName.FindProblem(address.Host) is { } problem)
            yield return new($"registry_public_url {problem}.");
        else if (address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            yield return new("registry_public_url must be only an address: write it without user, password, '?' and '#'.");
    }
}

[OptionsValidator]
internal sealed partial class PublicUrlOptionsValidator : IValidateOptions<PublicUrlOptions>;
