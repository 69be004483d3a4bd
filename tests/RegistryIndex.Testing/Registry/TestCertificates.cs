using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace RegistryIndex.Testing.Registry;

/// <summary>Certificates that are valid for a day.</summary>
public static class TestCertificates
{
    /// <summary>Creates a self-signed certificate for the given hosts.</summary>
    public static X509Certificate2 SelfSigned(params string[] hosts)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=registry", pair, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
                names.AddIpAddress(address);
            else
                names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    /// <summary>Creates an authority for <see cref="Issue"/>.</summary>
    public static X509Certificate2 Authority(string name)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return AuthorityRequest(name, pair).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
    }

    /// <summary>Creates a certificate of an authority: for a client, or for another authority below it.</summary>
    public static X509Certificate2 Issue(X509Certificate2 authority, string name, bool isAuthority = false)
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = isAuthority ? AuthorityRequest(name, pair) : new CertificateRequest($"CN={name}", pair, HashAlgorithmName.SHA256);
        using var issued = request.Create(authority, new(authority.NotBefore), new(authority.NotAfter), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(pair);
    }

    /// <summary>Writes certificates in PEM, in the given order.</summary>
    public static string Write(string file, params X509Certificate2[] certificates)
    {
        File.WriteAllLines(file, certificates.Select(certificate => certificate.ExportCertificatePem()));
        return file;
    }

    /// <summary>Writes the key of a certificate in PEM.</summary>
    public static string WriteKey(string file, X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        return file;
    }

    private static CertificateRequest AuthorityRequest(string name, ECDsa pair)
    {
        var request = new CertificateRequest($"CN={name}", pair, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }
}
