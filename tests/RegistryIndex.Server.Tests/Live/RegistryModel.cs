using RegistryIndex.Testing.Registry;

namespace RegistryIndex.Server.Tests.Live;

/// <summary>A random history of pushes and deletes in a real registry, and the expected content of the index.</summary>
internal sealed class RegistryModel(RegistryPusher pusher, int seed)
{
    // The last of these tags that exists and has a description represents its repository.
    private static readonly string[] Tags = ["1.9", "1.10", "2.0", "latest"];
    private readonly Random _random = new(seed);
    private readonly string[] _names = [.. Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? $"team-{i}/app/web" : i % 3 == 1 ? $"team-{i}" : $"team-{i - 1}/nested")];
    private readonly Dictionary<string, Dictionary<string, (string Digest, string? Description)>> _repositories = new(StringComparer.Ordinal);

    /// <summary>A repository that always exists.</summary>
    public string Prepared => _names[0];

    /// <summary>The expected content of the index, in name order.</summary>
    public IEnumerable<(string Name, string? Description)> Expected => _repositories
        .Where(repository => repository.Value.Count > 0)
        .Select(repository => (repository.Key, Tags.Select(tag => repository.Value.GetValueOrDefault(tag).Description).LastOrDefault(description => description is not null)))
        .OrderBy(repository => repository.Key, StringComparer.Ordinal);

    public async Task PrepareAsync()
    {
        foreach (var name in _names)
            await pusher.PrepareAsync(name);
    }

    public async Task StepAsync()
    {
        var name = _names[_random.Next(_names.Length)];
        var tags = _repositories.TryGetValue(name, out var known) ? known : _repositories[name] = new(StringComparer.Ordinal);
        if (tags.Count > 0 && _random.Next(100) < 40)
        {
            var digest = tags.Values.ElementAt(_random.Next(tags.Count)).Digest;
            await pusher.DeleteAsync(name, digest);
            foreach (var tag in tags.Where(tag => tag.Value.Digest == digest).Select(tag => tag.Key).ToList())
                tags.Remove(tag);
        }
        else
        {
            var (tag, description) = (Tags[_random.Next(Tags.Length)], _random.Next(4) == 0 ? null : $"build {_random.Next(1000)}");
            tags[tag] = (await pusher.PushAsync(name, description, tag), description);
        }
    }
}
