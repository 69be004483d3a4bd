namespace RegistryIndex.DynamoDb.Tests.ModelCheck;

/// <summary>Explores scenarios of the write protocol.</summary>
public abstract class ProtocolTests(ITestOutputHelper output)
{
    private protected static TheoryData<string> RandomTexts(params IEnumerable<IEnumerable<Scenario>> scenarios) =>
        [.. scenarios.SelectMany(some => some).Select(scenario => $"{scenario}")];

    private protected async Task ExpectNoFaultAsync(Scenario scenario)
    {
        var result = await Explorer.ExploreAsync(scenario);
        output.WriteLine($"{result.States} states");
        (result.Fault?.ToString()).Should().BeNull("no order of the steps may do harm");
    }
}
