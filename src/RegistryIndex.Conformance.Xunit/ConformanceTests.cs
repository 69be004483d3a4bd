using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace RegistryIndex.Conformance.Xunit;

/// <summary>Cases of the conformance kit as tests of a provider; the classes that derive from it hold a topic each.</summary>
/// <remarks>
/// A test method is a case: <c>A_list_is_in_name_order</c> runs <c>a-list-is-in-name-order</c>. All are virtual: a
/// provider that cannot keep a promise overrides the method and calls <see cref="Skip"/> with the reason.
/// </remarks>
/// <typeparam name="THarness">The provider's harness; xunit makes one for each class, with fixtures as it wants them.</typeparam>
/// <param name="harness">The harness.</param>
public abstract class ConformanceTests<THarness>(THarness harness) : IClassFixture<THarness>
    where THarness : ConformanceHarness
{
    /// <summary>How the cases run; the kit's defaults unless overridden.</summary>
    protected virtual ConformanceOptions Options { get; } = new();

    /// <summary>Runs the case that has the name of the calling method.</summary>
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

    // Any exception whose message begins with the token is a skipped test to xunit.
    private sealed class SkippedException(string reason) : Exception(DynamicSkipToken.Value + reason);
}
