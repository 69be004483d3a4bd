using Microsoft.Extensions.Configuration;
using RegistryIndex.Server.Configuration;

namespace RegistryIndex.Server.Tests.Configuration;

/// <summary>A directory with configuration files, and an environment of its own.</summary>
public abstract class Workspace : IDisposable
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    protected string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("registryindex-").FullName;

    public void Dispose()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected void Set(string variable, string value) => _environment[variable] = value;

    protected void Write(string file, string text) => File.WriteAllText(Path.Combine(Directory, file), text);

    internal ConfigurationInput Input => new() { Environment = _environment, Directory = Directory, OldDatabase = Path.Combine(Directory, "old.db") };

    internal IConfigurationRoot Configure(ConfigurationInput? input = null) =>
        new ConfigurationBuilder().AddServerConfiguration(input ?? Input).Build();

    internal string ProblemOf(ConfigurationInput? input = null)
    {
        var problem = FluentActions.Invoking(() => Configure(input)).Should().Throw<ConfigurationMistakeException>().Which.Message;
        problem.Should().EndWith(".").And.NotContain("\n");
        return problem;
    }
}
