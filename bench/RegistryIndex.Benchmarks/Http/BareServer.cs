using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RegistryIndex.Benchmarks.Http;

/// <summary>The minimum that ASP.NET Core needs: a server with one route, which always answers the same JSON, as long as a page.</summary>
internal static class BareServer
{
    public static async Task RunAsync(TextWriter output)
    {
        var rows = new Corpus().Take(25).Select(repository =>
            $$"""{"name":"{{repository.Name}}","description":"{{repository.Description}}","star_count":0,"is_official":false,"is_automated":false}""");
        var page = Encoding.UTF8.GetBytes($$"""{"query":"page","num_results":25,"num_pages":2,"page":1,"page_size":25,"results":[{{string.Join(',', rows)}}],"continuation":null}""");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.MapGet("/v1/search", () => Results.Bytes(page, "application/json; charset=utf-8"));
        await app.StartAsync();
        await output.WriteLineAsync($"Now listening on: {app.Urls.Single()}");
        await app.WaitForShutdownAsync();
    }
}
