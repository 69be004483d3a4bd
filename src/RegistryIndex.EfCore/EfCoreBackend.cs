using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RegistryIndex.EfCore.Sqlite;

[assembly: RegistryIndex.RegistryIndexBackend(typeof(RegistryIndex.EfCore.EfCoreBackend), RegistryIndex.EfCore.EfCoreBackend.Name, "sqlalchemy")]

namespace RegistryIndex.EfCore;

/// <summary>The backend <c>efcore</c>, by the predecessor's name <c>sqlalchemy</c>.</summary>
internal sealed class EfCoreBackend : IScratchBackend
{
    public const string Name = "efcore";

    public void AddServices(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EfCoreIndexOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EfCoreIndexOptions>, EfCoreIndexOptionsValidator>();
        services.AddSingleton<EfCoreRegistryIndex>();
        services.AddSingleton<IRegistryIndex>(provider => provider.GetRequiredService<EfCoreRegistryIndex>());
        services.AddSingleton<IRegistryIndexSource>(provider => provider.GetRequiredService<EfCoreRegistryIndex>());
    }

    public Task<ScratchPlace> CreateScratchAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var url = DatabaseUrl.Parse(services.GetRequiredService<IOptions<EfCoreIndexOptions>>().Value.Database);
        return url.Kind == DatabaseKind.Sqlite
            ? Task.FromResult(SqliteScratch.Create(url.ConnectionString, name))
            : throw new RegistryIndexException(Name, "create scratch", $"there is no scratch place in {url.Kind} yet; name an SQLite file.", mayRetry: false);
    }
}
