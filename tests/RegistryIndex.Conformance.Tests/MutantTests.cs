using RegistryIndex.Conformance.Tests.Mutants;

namespace RegistryIndex.Conformance.Tests;

public sealed class MutantTests
{
    public static TheoryData<string, string> Mutants { get; } = new(Mutant.All.Select(mutant => (mutant.Does, mutant.Case)));

    [Theory]
    [MemberData(nameof(Mutants))]
    public async Task A_wrong_provider_fails_the_case_that_is_named_for_it(string does, string @case)
    {
        var mutant = Mutant.All.Single(mutant => mutant.Does == does);
        mutant.Case.Should().Be(@case);
        var (result, live) = await MutantRuns.OfAsync(mutant);
        result.Outcome.Should().Be(CaseOutcome.Fail, "a provider that {0} must not pass", does);
        result.Failure!.Expected.Should().NotBeEmpty();
        if (does != "hangs")
            result.Failure.Expected.Should().NotBe("an end", "the case must find what is wrong, and not only wait until its time has passed");
        result.Failure.Came.Should().NotBeEmpty().And.NotBe(result.Failure.Expected);
        live.Should().Be(0);
    }

    [Fact]
    public void The_wrong_providers_are_many_and_different() =>
        Mutant.All.Select(mutant => mutant.Does).Should().OnlyHaveUniqueItems().And.HaveCountGreaterThan(40);
}
