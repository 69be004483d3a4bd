using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.DynamoDBv2.Model;
using RegistryIndex.DynamoDb.Tables;
using RegistryIndex.Testing;
using YamlDotNet.RepresentationModel;

namespace RegistryIndex.DynamoDb.Tests;

/// <summary>
/// The templates in deploy/aws/ create the same tables as the program, and grant the permissions that docs/dynamodb.md lists.
/// <see cref="PermissionsTests"/> show that these permissions are sufficient and minimal.
/// </summary>
public sealed class DeploymentTests
{
    private const string Database = "docker-registry";

    private static readonly Dictionary<string, HashSet<string>> Roles = new(StringComparer.Ordinal)
    {
        ["search"] = DocumentedPolicies.Search,
        ["write"] = DocumentedPolicies.Write,
        ["create"] = DocumentedPolicies.Create,
        ["conformance"] = DocumentedPolicies.Conformance,
    };

    private static readonly string[] Tables = ["repository", "version", "search"];

    public static TheoryData<string> TableNames => [.. Tables];

    public static TheoryData<string> RoleNames => [.. Roles.Keys];

    [Theory]
    [MemberData(nameof(TableNames))]
    public void A_table_of_CloudFormation_equals_the_one_that_the_program_creates(string table)
    {
        var properties = (YamlMappingNode)CloudFormation.Resource($"{Named(table)}Table")["Properties"];
        var expected = SchemaOf(table);
        CloudFormation.Text(properties["TableName"]).Should().Be(expected.TableName);
        CloudFormation.Text(properties["BillingMode"]).Should().Be(expected.BillingMode.Value);
        Pairs("AttributeDefinitions", "AttributeName", "AttributeType").Should().Equal(expected.AttributeDefinitions.Select(one => (one.AttributeName, one.AttributeType.Value)));
        Pairs("KeySchema", "AttributeName", "KeyType").Should().Equal(expected.KeySchema.Select(one => (one.AttributeName, one.KeyType.Value)));
        properties.Children.Keys.Select(CloudFormation.Text).Should().BeEquivalentTo(
            ["TableName", "BillingMode", "AttributeDefinitions", "KeySchema", "TableClass", "PointInTimeRecoverySpecification", "DeletionProtectionEnabled", "SSESpecification"], "there is no index, no stream and no time to live");
        CloudFormation.Text(CloudFormation.Resource($"{Named(table)}Table")["DeletionPolicy"]).Should().Be("Retain");

        IEnumerable<(string, string)> Pairs(string property, string name, string value) =>
            ((YamlSequenceNode)properties[property]).Select(one => (CloudFormation.Text(one[name]), CloudFormation.Text(one[value])));
    }

    [Theory]
    [MemberData(nameof(TableNames))]
    public void A_table_of_Terraform_equals_the_one_that_the_program_creates(string name)
    {
        var table = Terraform.Main["resource"]!["aws_dynamodb_table"]![name]!.AsObject();
        var expected = SchemaOf(name);
        Terraform.Text(table["name"]).Should().Be(expected.TableName);
        Terraform.Text(table["billing_mode"]).Should().Be(expected.BillingMode.Value);
        table["attribute"]!.AsArray().Select(one => (Terraform.Text(one!["name"]), Terraform.Text(one["type"]))).Should().Equal(expected.AttributeDefinitions.Select(one => (one.AttributeName, one.AttributeType.Value)));
        string?[] keys = [Terraform.Text(table["hash_key"]), .. table["range_key"] is { } range ? new[] { Terraform.Text(range) } : []];
        keys.Should().Equal(expected.KeySchema.Select(one => one.AttributeName));
        table.Select(one => one.Key).Except(["range_key"]).Should().BeEquivalentTo(
            ["name", "billing_mode", "attribute", "hash_key", "table_class", "point_in_time_recovery", "deletion_protection_enabled", "dynamic", "tags", "lifecycle"], "there is no index, no stream and no time to live");
        table["dynamic"]!.AsObject().Select(one => one.Key).Should().Equal("server_side_encryption");
    }

    [Theory]
    [MemberData(nameof(RoleNames))]
    public void A_role_of_CloudFormation_has_the_permissions_of_the_document(string role)
    {
        var allowed = from reference in CloudFormation.Sequence(CloudFormation.Resource($"{Named(role)}Role")["Properties"]["ManagedPolicyArns"])
                      where reference.Tag == "!Ref"
                      from statement in (YamlSequenceNode)CloudFormation.Resource(CloudFormation.Raw(reference))["Properties"]["PolicyDocument"]["Statement"]
                      from resource in CloudFormation.Sequence(statement["Resource"])
                      from action in CloudFormation.Sequence(statement["Action"])
                      select $"{CloudFormation.Text(action)["dynamodb:".Length..]} {CloudFormation.Text(resource)}";
        allowed.Should().BeEquivalentTo(Roles[role]);
    }

    [Theory]
    [MemberData(nameof(RoleNames))]
    public void A_role_of_Terraform_has_the_permissions_of_the_document(string role)
    {
        var (resources, documents) = (Terraform.Main["resource"]!, Terraform.Main["data"]!["aws_iam_policy_document"]!);
        var allowed = from attachment in resources["aws_iam_role_policy_attachment"]!.AsObject()
                      where Terraform.Raw(attachment.Value!["role"]) == $"${{aws_iam_role.{role}[0].name}}" && Terraform.Raw(attachment.Value["policy_arn"]).EndsWith(".arn}", StringComparison.Ordinal)
                      let policy = Terraform.Raw(attachment.Value["policy_arn"]).Split('.')[1]
                      where policy != "key[0]"
                      let document = Terraform.Raw(resources["aws_iam_policy"]![policy]!["policy"]).Split('.')[2]
                      from statement in documents[document]!["statement"]!.AsArray()
                      from resource in statement!["resources"]!.AsArray()
                      from action in statement["actions"]!.AsArray()
                      select $"{Terraform.Raw(action)["dynamodb:".Length..]} {Terraform.Text(resource)}";
        allowed.Should().BeEquivalentTo(Roles[role]);
    }

    [Fact]
    public void Both_allow_the_operations_on_a_key_that_the_document_lists()
    {
        var ofStack = CloudFormation.Sequence(((YamlSequenceNode)CloudFormation.Resource("KeyPolicy")["Properties"]["PolicyDocument"]["Statement"])[0]["Action"]).Select(CloudFormation.Text).ToList();
        var ofModule = Terraform.Main["data"]!["aws_iam_policy_document"]!["key"]!["statement"]![0]!["actions"]!.AsArray().Select(Terraform.Raw);
        ofStack.Should().Equal(ofModule);
        DocumentedPolicies.Text.Should().Contain($"except that of the conformance kit also needs {string.Join(", ", ofStack.SkipLast(1).Select(action => $"`{action}`"))} and `{ofStack[^1]}` on the key, through DynamoDB");
    }

    [Fact]
    public void The_roles_of_CloudFormation_trust_a_service_pods_or_a_service_account()
    {
        var trusts = Roles.Keys.Select(role => (YamlSequenceNode)CloudFormation.Resource($"{Named(role)}Role")["Properties"]["AssumeRolePolicyDocument"]).ToList();
        trusts.Should().OnlyContain(trust => trust.Equals(trusts[0]), "all roles have the same trust policy");
        var (condition, ofOidc, ofService) = (CloudFormation.Raw(trusts[0][0]), (YamlSequenceNode)trusts[0][1], (YamlMappingNode)((YamlSequenceNode)trusts[0][2]["Statement"])[0]);
        condition.Should().Be("HasOidc");

        var text = CloudFormation.Raw(ofOidc[0]).Replace("${OidcProviderArn}", "arn:aws:iam::123456789012:oidc-provider/host/id/1", StringComparison.Ordinal)
            .Replace("${Issuer}", "host/id/1", StringComparison.Ordinal).Replace("${OidcSubject}", "system:serviceaccount:registry:index", StringComparison.Ordinal);
        JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse("""
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/host/id/1"},
             "Condition": {"StringEquals": {"host/id/1:sub": "system:serviceaccount:registry:index", "host/id/1:aud": "sts.amazonaws.com"}}}]}
            """)).Should().BeTrue("it was {0}", text);

        var actions = (YamlSequenceNode)ofService["Action"];
        (CloudFormation.Raw(actions[0]), actions.Skip(1).Select(one => CloudFormation.Sequence(one).Select(CloudFormation.Raw)).ToList()).Should().BeEquivalentTo(
            ("IsOfPods", new List<string[]> { new[] { "sts:AssumeRole", "sts:TagSession" }, new[] { "sts:AssumeRole" } }), "EKS tags the sessions of pods");
        CloudFormation.Raw(((YamlSequenceNode)CloudFormation.Condition("IsOfPods"))[1]).Should().Be("pods.eks.amazonaws.com");
        CloudFormation.Raw(ofService["Principal"]["Service"]).Should().Be("TrustedService");
    }

    [Fact]
    public void CloudFormation_exports_its_roles_and_an_instance_profile_for_EC2()
    {
        foreach (var role in Roles.Keys.Select(Named))
        {
            var output = CloudFormation.Output($"{role}RoleArn");
            (CloudFormation.Raw(output["Condition"]), CloudFormation.Raw(output["Value"])).Should().Be(("HasRoles", $"{role}Role.Arn"));
        }

        foreach (var role in new[] { "Search", "Write" })
        {
            var profile = CloudFormation.Resource($"{role}InstanceProfile");
            CloudFormation.Sequence(profile["Properties"]["Roles"]).Select(CloudFormation.Raw).Should().Equal($"{role}Role");
            (CloudFormation.Raw(profile["Condition"]), CloudFormation.Raw(CloudFormation.Output($"{role}InstanceProfile")["Condition"])).Should().Be(("IsOfInstances", "IsOfInstances"));
        }

        CloudFormation.Raw(((YamlSequenceNode)CloudFormation.Condition("IsOfInstances"))[1]).Should().Be("ec2.amazonaws.com");
    }

    [Theory]
    [InlineData("KmsKeyArn", "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", true)]
    [InlineData("KmsKeyArn", "arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab", true)]
    [InlineData("KmsKeyArn", "alias/registry-index", false)]
    [InlineData("KmsKeyArn", "1234abcd-12ab-34cd-56ef-1234567890ab", false)]
    [InlineData("TrustedService", "ecs-tasks.amazonaws.com", true)]
    [InlineData("TrustedService", "ec2.amazonaws.com.cn", true)]
    [InlineData("TrustedService", "ecs-tasks", false)]
    [InlineData("OidcProviderArn", "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF", true)]
    [InlineData("OidcProviderArn", "https://oidc.eks.eu-central-1.amazonaws.com/id/0123456789ABCDEF", false)]
    [InlineData("OidcSubject", "system:serviceaccount:registry:index", true)]
    [InlineData("OidcSubject", "index", false)]
    public void A_malformed_parameter_of_CloudFormation_is_refused(string parameter, string value, bool isTaken)
    {
        var pattern = $"^(?:{CloudFormation.Raw(CloudFormation.Parameter(parameter)["AllowedPattern"])})$";
        System.Text.RegularExpressions.Regex.IsMatch(value, pattern).Should().Be(isTaken);
        System.Text.RegularExpressions.Regex.IsMatch("", pattern).Should().BeTrue("the variable is optional");
    }

    [Fact]
    public void Terraform_can_plan_before_the_key_and_the_trust_policy_exist()
    {
        var counts = Terraform.ValuesOf(Terraform.Main, "count", "for_each").ToList();
        counts.Should().HaveCountGreaterThan(10);
        var types = Terraform.Read("variables.tf.json")["variable"]!;
        foreach (var used in counts.SelectMany(count => System.Text.RegularExpressions.Regex.Matches(count, @"var\.([a-z_]+)")).Select(match => match.Groups[1].Value).Distinct())
            Terraform.Raw(types[used]!["type"]).Should().Be("bool", "{0} decides how many there are, so it must be known when Terraform plans", used);
    }

    [Fact]
    public void Every_variable_of_Terraform_is_declared_and_used()
    {
        var declared = Terraform.Read("variables.tf.json")["variable"]!.AsObject().Select(variable => variable.Key).ToList();
        var text = File.ReadAllText(Terraform.PathOf("main.tf.json"));
        declared.Should().OnlyContain(variable => text.Contains($"var.{variable}", StringComparison.Ordinal));
        System.Text.RegularExpressions.Regex.Matches(text, @"var\.([a-z_]+)").Select(used => used.Groups[1].Value).Distinct().Should().BeEquivalentTo(declared);
        Terraform.Read("outputs.tf.json")["output"]!.AsObject().Should().NotBeEmpty();
    }

    private static CreateTableRequest SchemaOf(string table) =>
        TableSchema.Of(new($"{Database}-repository", $"{Database}-version", $"{Database}-search"))[Array.IndexOf(Tables, table)].ToRequest();

    private static string Named(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    /// <summary>The template and its resources.</summary>
    private static class CloudFormation
    {
        private static readonly YamlMappingNode Root = Load();

        public static YamlNode Resource(string name) => Root["Resources"][name];

        public static YamlNode Parameter(string name) => Root["Parameters"][name];

        public static YamlNode Condition(string name) => Root["Conditions"][name];

        public static YamlNode Output(string name) => Root["Outputs"][name];

        public static string Raw(YamlNode node) => ((YamlScalarNode)node).Value!;

        /// <summary>The value in a stack whose parameters have their defaults. The ARN of a table is its distinguishing part.</summary>
        public static string Text(YamlNode node) => node.Tag.IsEmpty || !node.Tag.Value.StartsWith('!') ? Raw(node) : node.Tag.Value switch
        {
            "!Ref" => Raw(Root["Parameters"][Raw(node)]["Default"]),
            "!Sub" => Raw(node).Replace("${Database}", Raw(Root["Parameters"]["Database"]["Default"]), StringComparison.Ordinal) is var text && text.Contains(":table/", StringComparison.Ordinal)
                ? text.Split($":table/{Database}-")[1]
                : Raw(node).Replace("${Database}", Database, StringComparison.Ordinal),
            "!GetAtt" => Text(Resource(Raw(node).Split('.')[0])["Properties"]["TableName"])[$"{Database}-".Length..],
            var other => throw new InvalidDataException($"{other} is not understood here."),
        };

        public static YamlSequenceNode Sequence(YamlNode node) => node as YamlSequenceNode ?? new(node);

        private static YamlMappingNode Load()
        {
            var stream = new YamlStream();
            using var reader = new StreamReader(Checkout.PathOf("deploy", "aws", "cloudformation.yaml"));
            stream.Load(reader);
            return (YamlMappingNode)stream.Documents.Single().RootNode;
        }
    }

    /// <summary>The module, in Terraform's JSON syntax.</summary>
    private static class Terraform
    {
        public static JsonNode Main { get; } = Read("main.tf.json");

        public static string PathOf(string file) => Checkout.PathOf("deploy", "aws", "terraform", file);

        public static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(PathOf(file)), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false })!;

        /// <summary>The texts of all properties with these names, at any depth.</summary>
        public static IEnumerable<string> ValuesOf(JsonNode? node, params string[] names) => node switch
        {
            JsonObject parts => parts.SelectMany(part => names.Contains(part.Key) ? [Raw(part.Value)] : ValuesOf(part.Value, names)),
            JsonArray items => items.SelectMany(item => ValuesOf(item, names)),
            _ => [],
        };

        public static string Raw(JsonNode? node) => node!.GetValue<string>();

        /// <summary>The value if the variables have their defaults. The ARN of a table is its distinguishing part.</summary>
        public static string Text(JsonNode? node)
        {
            var text = Raw(node).Replace("${var.database}", Read("variables.tf.json")["variable"]!["database"]!["default"]!.GetValue<string>(), StringComparison.Ordinal);
            if (text.StartsWith("${aws_dynamodb_table.", StringComparison.Ordinal))
                return text.Split('.')[1];
            return text.Contains(":table/", StringComparison.Ordinal) ? text.Split($":table/{Database}-")[1] : text;
        }
    }
}
