namespace RegistryIndex.Server.Tests.Configuration;

/// <summary>A typical docker-registry configuration: common settings with an anchor, and a flavor for each environment.</summary>
internal static class SampleFile
{
    public const string Text = """
        # what every flavor shares
        common: &common
            loglevel: _env:LOGLEVEL:info
            debug: _env:DEBUG:false
            standalone: _env:STANDALONE:True
            search_backend: _env:SEARCH_BACKEND
            sqlalchemy_index_database: _env:SQLALCHEMY_INDEX_DATABASE:sqlite:////tmp/docker-registry.db
            cache:
                host: _env:CACHE_HOST
                port: _env:CACHE_PORT:6379
            issue: "#583"
            mirrors: [_env:FIRST_MIRROR:https://one.example:5000/, 'two']

        # images in S3
        s3: &s3
            <<: *common
            storage: s3
            s3_region: _env:AWS_REGION
            s3_bucket: _env:AWS_BUCKET
            s3_access_key: _env:AWS_KEY
            s3_secret_key: _env:AWS_SECRET
            storage_path: _env:STORAGE_PATH:/registry

        quiet: &quiet
            loglevel: error
            owner: 0123

        # beside the sources
        dev: &dev
            <<: *common
            storage: local
            storage_path: _env:STORAGE_PATH:/tmp/registry
            loglevel: _env:LOGLEVEL:debug

        test:
            <<: [*quiet, *dev]
            storage_path: _env:STORAGE_PATH:./tmp/test
            search_backend:

        prod:
            <<: *s3
            search_backend: _env:SEARCH_BACKEND:docker_registry_index.dynamodb
            extensions:
                dynamodb_index:
                    region: _env:DYNAMODB_REGION:eu-central-1

        extensions: &extensions
            dynamodb_index:
                database: _env:DYNAMODB_DATABASE:docker-registry
                region: us-east-1
        """;

    /// <summary>Reads YAML as a file named <c>registry.yml</c>.</summary>
    public static IReadOnlyDictionary<string, string?> Read(string text, string flavor = "dev", params (string Name, string Value)[] environment) =>
        RegistryIndex.Server.Configuration.YamlFlavors.Read(
            "registry.yml", text, flavor, name => environment.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault()).Values;
}
