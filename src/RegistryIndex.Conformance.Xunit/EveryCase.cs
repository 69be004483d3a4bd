using Xunit;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>
/// Tests that a provider's tests are complete: every case of the kit is in a class of this assembly, or ignored
/// with a reason. The test fails when a new version of the kit adds a topic that the provider's tests do not include.
/// </summary>
/// <typeparam name="THarness">The provider's harness.</typeparam>
public abstract class EveryCase<THarness>
    where THarness : ConformanceHarness
{
    /// <summary>The ids of the cases to leave out, each with the reason.</summary>
    protected virtual IReadOnlyDictionary<string, string> Ignored { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Every case of the kit is a test in this assembly, or ignored with a reason.</summary>
    [Fact]
    public void Every_case_is_implemented_or_ignored_with_a_reason()
    {
        var implemented = CaseMethods.In(GetType().Assembly, typeof(THarness)).ToHashSet(StringComparer.Ordinal);
        var problems = ConformanceSuite.Cases
            .Where(one => !implemented.Contains(one.Id) && !Ignored.ContainsKey(one.Id))
            .Select(one => $"The case '{one.Id}' ({one.Topic}) has no test: derive a class from {one.Topic}Conformance<{typeof(THarness).Name}>, or ignore it with a reason.")
            .Concat(Ignored.Keys.Where(id => ConformanceSuite.Cases.All(one => one.Id != id)).Select(id => $"The kit has no case '{id}', which is ignored."))
            .Concat(Ignored.Where(entry => string.IsNullOrWhiteSpace(entry.Value)).Select(entry => $"The case '{entry.Key}' is ignored without a reason."))
            .ToList();
        if (problems.Count > 0)
            throw new InvalidOperationException(string.Join('\n', problems));
    }
}
