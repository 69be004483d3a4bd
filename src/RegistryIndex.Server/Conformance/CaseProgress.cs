using RegistryIndex.Conformance;
using RegistryIndex.Server.Terminal;

namespace RegistryIndex.Server.Conformance;

/// <summary>Reports the kit's progress after each case, and each failure at once.</summary>
internal sealed class CaseProgress(Progress progress, int total) : IProgress<CaseResult>
{
    private int _done;

    public void Report(CaseResult value)
    {
        _done++;
        if (value.Outcome is CaseOutcome.Fail or CaseOutcome.Error)
            Console.Error.WriteLine($"{value.Outcome}: {value.Case.Id}: {value.Case.Statement}");
        progress.Show(() => $"{_done} of {total}: {value.Case.Statement}");
    }
}
