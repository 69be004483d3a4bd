using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RegistryIndex;
using RegistryIndex.EfCore;

// An application with an index in SQLite, published with trimming. Usage: embedding FILE WORD…
var builder = Host.CreateApplicationBuilder();
builder.Services
    .AddEfCoreRegistryIndex(options => options.UseSqlite($"sqlite:///{args[0]}"))
    .AddRegistryIndexInitialization();
using var host = builder.Build();
await host.StartAsync();

var index = host.Services.GetRequiredService<IRegistryIndex>();
await index.UpsertAsync(new Repository("team/shop/web", "The front end"));
foreach (var repository in (await index.SearchAsync(new SearchRequest(string.Join(' ', args[1..])))).Repositories)
    Console.WriteLine(repository);

await host.StopAsync();
