using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RegistryIndex.Server.Access;
using RegistryIndex.Server.Commands;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Tests.Configuration;

/// <summary>The known settings are exactly those that the documents name and the program reads.</summary>
public sealed class KnownSettingsTests
{
    [Fact]
    public void The_document_lists_exactly_the_known_settings() => KnownSettings.All.Keys.Should().BeEquivalentTo(DocumentedSettings.All);

    [Fact]
    public void The_program_reads_exactly_the_known_settings()
    {
        var read = new Recorder();
        foreach (var settings in (string[][])
        [
            [],
            ["search_backend=dynamodb", "extensions:dynamodb_index:create_tables=true"],
            ["search_backend=mirror", "mirror:primary=sqlalchemy", "mirror:secondary=dynamodb"],
            ["storage=s3", "storage:s3:bucket=b", "boto_host=h", "boto_port=1"],
            ["storage:s3:bucket=b"],
        ])
        {
            var configuration = new ConfigurationBuilder().AddInMemoryCollection([
                new("urls", "http://127.0.0.1:5080"), new("sqlalchemy_index_database", "sqlite://"), .. settings.Select(setting => setting.Split('=')).Select(setting => KeyValuePair.Create(setting[0], (string?)setting[1]))]).Add(read).Build();
            using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddMetrics()
                .AddIndexServices(configuration, asksRegistry: true).AddAccessControl(new AccessOptions()).BuildServiceProvider();
            services.GetRequiredService<IStartupValidator>().Validate();
            services.GetRequiredService<EventSecrets>();
        }

        var known = KnownSettings.All.Keys;
        known.Except(read.Keys, StringComparer.OrdinalIgnoreCase).Should().BeEmpty("nothing reads them: remove them from KnownSettings");
        read.Keys.Where(key => !KnownSettings.IsKnown(key) && !IsSection(key) && !IsForPrograms(key)).Should().BeEmpty("a setting that is read is a property of a class in KnownSettings.Classes, or is named there");
    }

    private static bool IsSection(string key) => KnownSettings.All.Keys.Any(known => known.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase));

    // The binder reads every property, including those that cannot be set by a text.
    private static bool IsForPrograms(string key) => KnownSettings.Classes.SelectMany(known => known.Options.GetProperties()).Any(property =>
        property.Name.Equals(key, StringComparison.OrdinalIgnoreCase) && !KnownSetting.IsSupported(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType));

    /// <summary>Has no settings, and records the keys that are read.</summary>
    private sealed class Recorder : ConfigurationProvider, IConfigurationSource
    {
        private readonly ConcurrentDictionary<string, bool> _keys = new(StringComparer.OrdinalIgnoreCase);

        public IEnumerable<string> Keys => _keys.Keys;

        public override bool TryGet(string key, out string? value)
        {
            _keys[key] = true;
            return base.TryGet(key, out value);
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
    }
}
