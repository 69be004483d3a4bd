using Microsoft.OpenApi;

namespace RegistryIndex.Server.Http;

/// <summary>The description of <c>/api/v1</c> in OpenAPI 3.1, made from its endpoints.</summary>
internal static class OpenApi
{
    public const string Path = "/api/v1/openapi.json";

    public static IServiceCollection AddApiDescription(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = api => api.RelativePath?.StartsWith("api/v1", StringComparison.Ordinal) == true && api.HttpMethod == HttpMethods.Get;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new() { Title = "RegistryIndex", Version = "v1", Description = "Search a container registry, and get its repositories and their tags." };
            document.Servers = []; // where this one is says nothing of others
            return Task.CompletedTask;
        });
    });
}
