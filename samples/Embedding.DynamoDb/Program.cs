using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RegistryIndex;

// An application with an index in DynamoDB, published with NativeAOT. Usage: embedding PREFIX WORD…
var builder = Host.CreateApplicationBuilder();
builder.Services
    .AddDynamoDbRegistryIndex(options => options.Database = args[0]) // region, keys and endpoint are AWS's own
    .AddRegistryIndexInitialization();
using var host = builder.Build();
await host.StartAsync();

var index = host.Services.GetRequiredService<IRegistryIndex>();
await index.UpsertAsync(new Repository("team/shop/web", "The front end"));
foreach (var repository in (await index.SearchAsync(new SearchRequest(string.Join(' ', args[1..])))).Repositories)
    Console.WriteLine(repository);

await host.StopAsync();
