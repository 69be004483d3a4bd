using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RegistryIndex.Sources;

namespace RegistryIndex.Storage.Tests.S3;

public sealed class S3OptionsTests
{
    [Fact]
    public void The_predecessors_keys_are_read()
    {
        Read("storage=s3", "s3_bucket=images", "storage_path=/registry", "s3_region=eu-central-1", "s3_access_key=AK", "s3_secret_key=SK", "s3_encrypt=true", "s3_secure=true", "boto_bucket=", "boto_host=").S3
            .Should().BeEquivalentTo(new S3Options { Bucket = "images", Region = "eu-central-1", AccessKey = "AK", SecretKey = "SK" });
        Read("storage=s3", "boto_bucket=images", "boto_host=minio", "boto_port=9000", "s3_secure=false").S3
            .Should().BeEquivalentTo(new S3Options { Bucket = "images", Endpoint = "http://minio:9000", ForcePathStyle = true });
        Read("storage=s3", "s3_bucket=images", "boto_bucket=other", "boto_host=s3.eu-west-1.amazonaws.com", "s3_security_token=T").S3
            .Should().BeEquivalentTo(new S3Options { Bucket = "images", Endpoint = "https://s3.eu-west-1.amazonaws.com", SecurityToken = "T" });
        Read("storage=s3", "s3_bucket=images", "boto_calling_format=boto.s3.connection.OrdinaryCallingFormat").S3.ForcePathStyle.Should().BeTrue();
        Read("storage=s3", "s3_bucket=images", "s3_endpoint=http://ceph", "s3_force_path_style=false").S3
            .Should().BeEquivalentTo(new S3Options { Bucket = "images", Endpoint = "http://ceph" });
    }

    [Fact]
    public void Distributions_configuration_is_read()
    {
        var options = Read("storage:s3:bucket=images", "storage:s3:region=eu-west-1", "storage:s3:regionendpoint=minio:9000", "storage:s3:secure=false", "storage:s3:accesskey=AK", "storage:s3:secretkey=SK", "storage:s3:rootdirectory=/registry");
        options.Kind.Should().Be("s3");
        options.Path.Should().Be("/registry");
        options.S3.Should().BeEquivalentTo(new S3Options { Bucket = "images", Region = "eu-west-1", Endpoint = "http://minio:9000", AccessKey = "AK", SecretKey = "SK", ForcePathStyle = true });
    }

    [Theory]
    [InlineData("storage is 's3', but no bucket is set: set s3_bucket.", "boto_bucket=")]
    [InlineData("Only one of s3_access_key and s3_secret_key is set*", "s3_bucket=b", "s3_access_key=AK")]
    [InlineData("The S3 endpoint 'https://minio:port' is not the URL*", "s3_bucket=b", "boto_host=minio", "boto_port=port")]
    [InlineData("The S3 endpoint 'ftp://minio' is not the URL*", "s3_bucket=b", "s3_endpoint=ftp://minio")]
    [InlineData("The S3 endpoint 'http://minio/b' is not the URL*", "s3_bucket=b", "s3_endpoint=http://minio/b")]
    public void A_wrong_option_is_one_sentence(string sentence, params string[] settings)
    {
        var reading = () => Read(["storage=s3", .. settings]);
        reading.Should().Throw<OptionsValidationException>().WithMessage(sentence);
    }

    [Fact]
    public void The_location_of_the_storage_is_the_bucket_and_its_prefix()
    {
        using var services = Services("storage=s3", "s3_bucket=images", "storage_path=/registry/", "s3_access_key=AK", "s3_secret_key=SK");
        services.GetRequiredService<IRegistryStorage>().Location.Should().Be("s3://images/registry");
    }

    private static StorageOptions Read(params string[] settings)
    {
        using var services = Services(settings);
        return services.GetRequiredService<IOptions<StorageOptions>>().Value;
    }

    private static ServiceProvider Services(params string[] settings) => new ServiceCollection()
        .AddRegistryStorage(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Split('=')[0], (string?)s.Split('=', 2)[1]))).Build())
        .BuildServiceProvider();
}
