using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RegistryIndex.Conformance;

[assembly: RegistryIndex.RegistryIndexProvider(typeof(RegistryIndex.Tests.Providers.MemoryProvider), "memory", "in_memory.index")]

namespace RegistryIndex.Tests.Providers;

internal sealed class MemoryProvider : IRegistryIndexProvider
{
    public void AddServices(IServiceCollection services, IConfiguration configuration) =>
        services.AddSingleton<IRegistryIndex, ReferenceIndex>().AddSingleton<ISearchCapacity, ThreeAtOnce>();
}

internal sealed class ThreeAtOnce : ISearchCapacity
{
    public int SearchesAtOnce => 3;
}

public sealed class AddRegistryIndexTests
{
    [Theory]
    [InlineData("memory")]
    [InlineData("MEMORY")]
    [InlineData(" In_Memory.Index ")]
    [InlineData("RegistryIndex.Abstractions.Tests")]
    public void A_provider_is_selected_by_name_alias_or_assembly(string value) => Resolve(value).Provider.Should().Be("reference");

    [Fact]
    public async Task An_empty_setting_means_no_index_and_empty_searches()
    {
        var index = Resolve("");
        index.Provider.Should().Be("none");
        var page = await index.SearchAsync(new("ubuntu"), TestContext.Current.CancellationToken);
        page.Repositories.Should().BeEmpty();
        page.Continuation.Should().BeNull();
        await FluentActions.Awaiting(() => index.UpsertAsync(new("a"))).Should().ThrowAsync<RegistryIndexException>().WithMessage("*search_backend is empty*");
    }

    [Theory]
    [InlineData("elastic")]
    [InlineData("Acme.Missing, Version=1.0.0.0")]
    [InlineData("missing/acme.dll")]
    [InlineData("..")]
    public void An_unknown_provider_is_an_error_that_lists_the_known_ones_and_what_was_tried(string value) =>
        FluentActions.Invoking(() => Resolve(value)).Should().Throw<InvalidOperationException>()
            .WithMessage($"*'{value}'*Known providers: memory (in_memory.index), none; empty means no index. Tried: *");

    [Fact]
    public void An_assembly_without_a_provider_is_an_error() =>
        FluentActions.Invoking(() => Resolve("System.Text.Json")).Should().Throw<InvalidOperationException>().WithMessage("*'System.Text.Json' is an assembly without*");

    [Fact]
    public void Without_a_setting_the_provider_is_the_embedded_database() =>
        FluentActions.Invoking(() => new ServiceCollection().AddRegistryIndex(new ConfigurationBuilder().Build()))
            .Should().Throw<InvalidOperationException>("the EF Core provider is not referenced").WithMessage("*'sqlalchemy'*");

    [Fact]
    public void A_provider_without_a_search_capacity_gets_a_low_default()
    {
        var capacity = Services("none").GetRequiredService<ISearchCapacity>();
        capacity.SearchesAtOnce.Should().Be(12);
        capacity.HoldsThreads.Should().BeTrue();

        capacity = Services("memory").GetRequiredService<ISearchCapacity>();
        capacity.SearchesAtOnce.Should().Be(3);
        capacity.HoldsThreads.Should().BeFalse();
    }

    private static IRegistryIndex Resolve(string value) => Services(value).GetRequiredService<IRegistryIndex>();

    private static ServiceProvider Services(string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("search_backend", value)]).Build();
        return new ServiceCollection().AddRegistryIndex(configuration).BuildServiceProvider();
    }
}
