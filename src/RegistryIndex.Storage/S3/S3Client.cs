using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using RegistryIndex.Aws;

namespace RegistryIndex.Storage.S3;

/// <summary>Creates the client that the options describe, without connecting.</summary>
internal static class S3Client
{
    public static AmazonS3Client Create(S3Options options)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.ForcePathStyle,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = 5,
            Timeout = TimeSpan.FromSeconds(60),
            // Only Amazon's S3 knows the newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is null)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        else
            (config.ServiceURL, config.AuthenticationRegion) = (options.Endpoint, options.Region);
        return options switch
        {
            { AccessKey: { } key, SecretKey: { } secret, SecurityToken: { } token } => new(new SessionAWSCredentials(key, secret, token), config),
            { AccessKey: { } key, SecretKey: { } secret } => new(new BasicAWSCredentials(key, secret), config),
            _ => new(new AwsCredentialChain(() => new AmazonS3Config(), "s3_access_key and s3_secret_key"), config),
        };
    }
}
