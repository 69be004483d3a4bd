using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>Runs cases of the conformance kit as tests of a provider. Each derived class contains the cases of one topic.</summary>
/// <remarks>
/// Each test method is a case: <c>A_list_is_in_name_order</c> runs <c>a-list-is-in-name-order</c>. All methods are virtual: a
/// provider that cannot keep a promise overrides the method and calls <see cref="Skip"/> with the reason.
/// </remarks>
/// <typeparam name="THarness">The provider's harness. xunit creates one for each class and passes the fixtures that it needs.</typeparam>
/// <param name="harness">The harness.</param>
public abstract class ConformanceTests<THarness>(THarness harness) : IClassFixture<THarness>
    where THarness : ConformanceHarness
{
    /// <summary>The options of the cases; the kit's defaults unless overridden.</summary>
    protected virtual ConformanceOptions Options { get; } = new();

    /// <summary>Runs the case with the name of the calling method.</summary>
    protected async Task RunAsync([CallerMemberName] string method = "")
    {
        var result = await ConformanceSuite.RunCaseAsync(CaseMethods.IdOf(method), harness, Options, TestContext.Current.CancellationToken).ConfigureAwait(false);
        if (result.Outcome is CaseOutcome.Skip or CaseOutcome.Disabled)
            await Skip(result.Message).ConfigureAwait(false);
        if (result.Outcome is CaseOutcome.Fail or CaseOutcome.Error)
            throw new ConformanceException(result);
    }

    /// <summary>Skips the test; the report shows the reason.</summary>
    protected static Task Skip(string reason) => throw new SkippedException(reason);

    // xunit treats any exception whose message begins with this token as a skipped test.
    private sealed class SkippedException(string reason) : Exception(DynamicSkipToken.Value + reason);
}
