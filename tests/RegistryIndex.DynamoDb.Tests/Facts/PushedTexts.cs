using RegistryIndex.Testing;

namespace RegistryIndex.DynamoDb.Tests.Facts;

/// <summary>Repositories with facts.</summary>
internal static class PushedTexts
{
    /// <summary>The time of the first push.</summary>
    public static DateTimeOffset Begin { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Facts of a typical registry, some 660 bytes of JSON.</summary>
    /// <param name="seconds">The time of the push, in seconds after the first push. Null if unknown.</param>
    public static RepositoryFacts Usual(int? seconds) => UsualFacts.Of(seconds is { } known ? Begin.AddSeconds(known) : null);

    /// <summary>Facts of the maximum size.</summary>
    public static RepositoryFacts Largest(int? seconds)
    {
        var facts = Usual(seconds) with { Title = new string('t', 180), Url = $"https://{new string('u', 1000)}", Documentation = $"https://{new string('d', 1000)}" };
        return facts with { BaseName = new string('n', 200) }; // more than fits would be dropped
    }
}
