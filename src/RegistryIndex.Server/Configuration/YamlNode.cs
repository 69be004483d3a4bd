namespace RegistryIndex.Server.Configuration;

/// <summary>
/// A node of a YAML document. An aliased node appears in the tree wherever its alias does, so the tree is small in memory however large a
/// traversal is; <see cref="Size"/> and <see cref="Height"/> give its size before a traversal.
/// </summary>
internal abstract class YamlNode(long line)
{
    public long Line { get; } = line;

    /// <summary>How many nodes a traversal visits, including this one.</summary>
    public int Size { get; private set; } = 1;

    /// <summary>How many levels a traversal descends, including this one.</summary>
    public int Height { get; private set; } = 1;

    protected void Contain(YamlNode child)
    {
        Size += child.Size;
        Height = Math.Max(Height, child.Height + 1);
    }
}

/// <summary>A text, number, boolean or null.</summary>
/// <param name="line">The line where it begins.</param>
/// <param name="text">The text, without quotes.</param>
/// <param name="isPlain">Whether it has neither quotes nor a tag, so that it may be a boolean, null or a merge key.</param>
internal sealed class YamlScalar(long line, string text, bool isPlain) : YamlNode(line)
{
    public string Text { get; } = text;

    public bool IsNull => isPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    public bool IsMergeKey => isPlain && Text == "<<";

    /// <summary>The value as a setting: the text, except that null is empty and YAML 1.1's booleans are true or false.</summary>
    public string Value => !isPlain ? Text : Text switch
    {
        _ when IsNull => "",
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => "true",
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => "false",
        _ => Text,
    };
}

/// <summary>A list.</summary>
internal sealed class YamlSequence(long line) : YamlNode(line)
{
    private readonly List<YamlNode> _items = [];

    public IReadOnlyList<YamlNode> Items => _items;

    public void Add(YamlNode item)
    {
        _items.Add(item);
        Contain(item);
    }
}

/// <summary>Keys with values, in the order in which they are written; the merge key may appear more than once.</summary>
internal sealed class YamlMapping(long line) : YamlNode(line)
{
    private readonly List<YamlEntry> _entries = [];

    public IReadOnlyList<YamlEntry> Entries => _entries;

    public void Add(YamlEntry entry)
    {
        _entries.Add(entry);
        Contain(entry.Value);
    }
}

/// <summary>A key with its value.</summary>
internal readonly record struct YamlEntry(YamlScalar Key, YamlNode Value);
