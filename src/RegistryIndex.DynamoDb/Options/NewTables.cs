using System.Text.RegularExpressions;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace RegistryIndex.DynamoDb;

/// <summary>The settings of tables that the index creates, apart from their keys. Existing tables are never altered.</summary>
internal static partial class NewTables
{
    private const string AwsManagedKey = "alias/aws/dynamodb";
    private const int MostTags = 50;
    private const int LongestName = 128;
    private const int LongestValue = 256;

    private static readonly TableClass[] Classes = [TableClass.STANDARD, TableClass.STANDARD_INFREQUENT_ACCESS];

    /// <summary>Adds the settings that a CreateTable request can have. Point-in-time recovery is not one of them.</summary>
    public static CreateTableRequest With(this CreateTableRequest request, DynamoDbIndexOptions options)
    {
        if (options.DeletionProtection)
            request.DeletionProtectionEnabled = true;
        if (!string.IsNullOrEmpty(options.TableClass))
            request.TableClass = ClassOf(options.TableClass);
        if (!string.IsNullOrEmpty(options.KmsKeyId))
        {
            // DynamoDB refuses the name of its own key, because that key is the default.
            request.SSESpecification = new() { Enabled = true, SSEType = SSEType.KMS, KMSMasterKeyId = options.KmsKeyId.EndsWith(AwsManagedKey, StringComparison.Ordinal) ? null : options.KmsKeyId };
        }

        if (TagsOf(options.Tags) is { Count: > 0 } tags)
            request.Tags = [.. tags.Select(tag => new Tag { Key = tag.Name, Value = tag.Value })];
        return request;
    }

    /// <summary>The problems of these options, each as the rest of a sentence that begins with their section.</summary>
    public static IEnumerable<string> FindProblems(DynamoDbIndexOptions options)
    {
        if (!string.IsNullOrEmpty(options.TableClass) && ClassOf(options.TableClass) is null)
            yield return $"table_class '{RepositoryName.Shown(options.TableClass)}' is not a DynamoDB table class: use {string.Join(" or ", Classes.Select(one => one.Value))}.";
        if (!string.IsNullOrEmpty(options.KmsKeyId) && !KmsKey().IsMatch(options.KmsKeyId))
            yield return $"kms_key_id '{RepositoryName.Shown(options.KmsKeyId)}' is not a KMS key: use its id, its ARN or an alias, such as alias/registry-index.";
        var tags = TagsOf(options.Tags);
        if (tags.FindAll(tag => tag.Value is null) is { Count: > 0 } none)
            yield return $"tags has {string.Join(" and ", none.Select(tag => $"'{RepositoryName.Shown(tag.Name)}'"))}, which {(none.Count == 1 ? "is not a tag" : "are not tags")}: write them as name=value with ';' between them.";
        // The value is not shown, because the name identifies the tag.
        foreach (var problem in tags.Select(tag => tag.Value is null ? null : ProblemOf(tag.Name, tag.Value)).OfType<string>())
            yield return $"tags has {problem}.";
        if (tags.CountBy(tag => tag.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            yield return $"tags has '{RepositoryName.Shown(twice)}' more than once: keep one.";
        if (tags.Count > MostTags)
            yield return $"tags has {tags.Count} tags; at most {MostTags} are allowed.";
    }

    /// <summary>The settings that DynamoDB's description of a table shows. DynamoDB shows the other settings elsewhere.</summary>
    public static IEnumerable<(string Setting, Func<TableDescription, bool> IsMet)> Seen(DynamoDbIndexOptions options)
    {
        if (options.DeletionProtection)
            yield return ("deletion_protection", table => table.DeletionProtectionEnabled is true);
        if (!string.IsNullOrEmpty(options.TableClass))
            yield return ("table_class", table => (table.TableClassSummary?.TableClass ?? TableClass.STANDARD) == ClassOf(options.TableClass));
        if (!string.IsNullOrEmpty(options.KmsKeyId))
            yield return ("kms_key_id", table => IsEncryptedBy(options.KmsKeyId, table.SSEDescription));
    }

    // Only KMS knows which key an alias refers to.
    private static bool IsEncryptedBy(string key, SSEDescription? encryption) => encryption?.SSEType == SSEType.KMS
        && (key.Contains("alias/", StringComparison.Ordinal) || encryption.KMSMasterKeyArn is not { Length: > 0 } arn || arn == key || arn.EndsWith($":key/{key}", StringComparison.Ordinal));

    private static string? ProblemOf(string name, string value)
    {
        const string Taken = "AWS allows letters, digits, spaces and + - = . _ : / @";
        var shown = $"'{RepositoryName.Shown(name)}'";
        if (name.Length == 0)
            return "a value without a name: write name=value";
        if (name.Length > LongestName)
            return $"the name {shown} of {name.Length} characters; at most {LongestName} are allowed";
        if (name.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            return $"the name {shown}, and names that begin with aws: are reserved by AWS";
        if (!TagText().IsMatch(name))
            return $"the name {shown}, which has characters that AWS does not allow: {Taken}";
        if (value.Length > LongestValue)
            return $"a value of {value.Length} characters for {shown}; at most {LongestValue} are allowed";
        return TagText().IsMatch(value) ? null : $"a value for {shown} with characters that AWS does not allow: {Taken}";
    }

    private static List<(string Name, string? Value)> TagsOf(string? text) =>
        [.. (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(tag => tag.Split('=', 2) is [var name, var value] ? (name.Trim(), value.Trim()) : (tag, (string?)null))];

    private static TableClass? ClassOf(string text) => Array.Find(Classes, one => one.Value.Equals(text, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("""\A((arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:)?alias/[A-Za-z0-9/_-]+|(arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/)?([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}))\z""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex KmsKey();

    [GeneratedRegex("""\A[\p{L}\p{Z}\p{N}_.:/=+\-@]*\z""", RegexOptions.CultureInvariant)]
    private static partial Regex TagText();
}
