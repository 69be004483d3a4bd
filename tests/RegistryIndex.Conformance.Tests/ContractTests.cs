using System.Text.RegularExpressions;
using RegistryIndex.Conformance.Xunit;
using RegistryIndex.Testing;

namespace RegistryIndex.Conformance.Tests;

public sealed partial class ContractTests
{
    private static readonly string[] Clauses = [.. Number().Matches(File.ReadAllText(Checkout.PathOf("docs", "contract.md"))).Select(match => match.Groups["number"].Value)];

    [Fact]
    public void The_kit_contains_the_contract_of_the_document()
    {
        Clauses.Should().HaveCountGreaterThan(30).And.OnlyHaveUniqueItems();
        Contract.Clauses.Select(clause => clause.Number).Should().Equal(Clauses);
        Contract.Clauses.Should().OnlyContain(clause => clause.Text.Length > 20 && !clause.Text.Contains('\n'));
        Contract.Clauses.Single(clause => clause.Number == "2.4").Text.Should().StartWith("*List* yields every repository").And.EndWith("can begin after any text.");
    }

    [Fact]
    public void Every_clause_has_a_case() =>
        Clauses.Where(clause => !ConformanceSuite.Cases.Any(one => one.Clauses.Contains(clause))).Should().BeEmpty();

    [Fact]
    public void Every_case_names_clauses_that_exist() =>
        ConformanceSuite.Cases.Where(one => one.Clauses.Count == 0 || one.Clauses.Except(Clauses).Any()).Should().BeEmpty();

    [Fact]
    public void Every_case_has_an_id_a_statement_and_a_consequence()
    {
        ConformanceSuite.Cases.Select(one => one.Id).Should().OnlyHaveUniqueItems();
        ConformanceSuite.Cases.Should().OnlyContain(one => Id().IsMatch(one.Id) && one.Statement.EndsWith('.') && one.Meaning.EndsWith('.') && one.Topic.Length > 0);
        ConformanceSuite.Cases.Should().OnlyContain(one => ConformanceSuite.Find(one.Id) == one);
        FluentActions.Invoking(() => ConformanceSuite.Find("no-such-case")).Should().Throw<ArgumentException>().WithMessage("*'no-such-case'*");
    }

    [Fact]
    public void Every_case_is_a_virtual_test_of_the_adapter_in_the_class_of_its_topic()
    {
        foreach (var topic in ConformanceSuite.Cases.GroupBy(one => one.Topic))
        {
            var type = typeof(ConformanceTests<>).Assembly.GetType($"RegistryIndex.Conformance.Xunit.{topic.Key}Conformance`1");
            type.Should().NotBeNull("the topic {0} has cases", topic.Key);
            var tests = type!.GetMethods().Where(method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0).ToList();
            tests.Should().OnlyContain(method => method.IsVirtual);
            tests.Select(method => method.Name.Replace('_', '-').ToLowerInvariant()).Should().BeEquivalentTo(topic.Select(one => one.Id));
        }
    }

    [Fact]
    public void The_kit_does_not_depend_on_a_test_framework_or_a_provider()
    {
        var kit = typeof(ConformanceSuite).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        kit.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)).Should().BeEquivalentTo("RegistryIndex.Abstractions");
        var adapter = typeof(ConformanceTests<>).Assembly.GetReferencedAssemblies().Select(name => name.Name!);
        adapter.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)).Should().BeSubsetOf(["RegistryIndex.Conformance", "xunit.v3.core", "xunit.v3.common"]);
    }

    [GeneratedRegex(@"\*\*(?<number>\d+\.\d+)\*\*", RegexOptions.ExplicitCapture)]
    private static partial Regex Number();

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.ExplicitCapture)]
    private static partial Regex Id();
}
