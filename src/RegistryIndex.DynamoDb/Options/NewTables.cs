using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb;

/// <summary>What tables are created with, beside their keys. Tables that are there are never made to have it.</summary>
internal static partial class NewTables
{
    private const string AwsManagedKey = "alias/aws/dynamodb";
    private const int MostTags = 50;
    private const int LongestName = 128;
    private const int LongestValue = 256;

    private static readonly TableClass[] Classes = [TableClass.STANDARD, TableClass.STANDARD_INFREQUENT_ACCESS];

    /// <summary>Adds what a request to create a table can say; point-in-time recovery it cannot.</summary>
    public static CreateTableRequest With(this CreateTableRequest request, DynamoDbIndexOptions options)
    {
        if (options.DeletionProtection)
            request.DeletionProtectionEnabled = true;
        if (!string.IsNullOrEmpty(options.TableClass))
            request.TableClass = ClassOf(options.TableClass);
        if (!string.IsNullOrEmpty(options.KmsKeyId))
        {
            // DynamoDB refuses its own key where it is named, as it is the default.
            request.SSESpecification = new() { Enabled = true, SSEType = SSEType.KMS, KMSMasterKeyId = options.KmsKeyId.EndsWith(AwsManagedKey, StringComparison.Ordinal) ? null : options.KmsKeyId };
        }

        if (TagsOf(options.Tags) is { Count: > 0 } tags)
            request.Tags = [.. tags.Select(tag => new Tag { Key = tag.Name, Value = tag.Value })];
        return request;
    }

    /// <summary>What is wrong with these options, each in the rest of a sentence that begins with their section.</summary>
    public static IEnumerable<string> FindProblems(DynamoDbIndexOptions options)
    {
        if (!string.IsNullOrEmpty(options.TableClass) && ClassOf(options.TableClass) is null)
            yield return $"table_class '{RepositoryName.Shown(options.TableClass)}' is no class of DynamoDB tables: write {string.Join(" or ", Classes.Select(one => one.Value))}.";
        if (!string.IsNullOrEmpty(options.KmsKeyId) && !KmsKey().IsMatch(options.KmsKeyId))
            yield return $"kms_key_id '{RepositoryName.Shown(options.KmsKeyId)}' is no key of KMS: write its id, its ARN or an alias, such as alias/registry-index.";
        var tags = TagsOf(options.Tags);
        foreach (var (name, value) in tags)
        {
            if (value is null)
                yield return $"tags has '{RepositoryName.Shown(name)}', which is no tag: write them as name=value with ';' between them.";
            else if (name.Length is 0 or > LongestName || value.Length > LongestValue || !TagText().IsMatch(name) || !TagText().IsMatch(value) || name.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
                yield return $"tags has '{RepositoryName.Shown($"{name}={value}")}', which AWS does not take: a name has 1 to {LongestName} characters and does not begin with aws:, a value has at most {LongestValue}, and both are letters, digits, spaces and + - = . _ : / @.";
        }

        if (tags.CountBy(tag => tag.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            yield return $"tags has '{RepositoryName.Shown(twice)}' more than once: leave one.";
        if (tags.Count > MostTags)
            yield return $"tags has {tags.Count} tags, and {MostTags} are the most.";
    }

    private static List<(string Name, string? Value)> TagsOf(string? text) =>
        [.. (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(tag => tag.Split('=', 2) is [var name, var value] ? (name.Trim(), value.Trim()) : (tag, (string?)null))];

    private static TableClass? ClassOf(string text) => Array.Find(Classes, one => one.Value.Equals(text, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("""\A((arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:)?alias/[A-Za-z0-9/_-]+|(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/)?([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}))\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KmsKey();

    [GeneratedRegex("""\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z""", RegexOptions.CultureInvariant)]
    private static partial Regex TagText();
}
