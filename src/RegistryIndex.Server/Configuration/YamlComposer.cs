using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace RegistryIndex.Server.Configuration;

/// <summary>
/// Builds the nodes of one YAML document from a parser's events, within limits. YamlDotNet's own document model compares keys by their
/// whole content and has no limit of depth, so a small file could keep it busy for hours or end the process.
/// </summary>
internal sealed class YamlComposer
{
    /// <summary>The largest number of nodes in a document; an aliased node counts wherever it appears. Typical files have some hundreds.</summary>
    public const int MaxNodes = 10_000;

    /// <summary>The largest depth of a document.</summary>
    public const int MaxHeight = 32;

    /// <summary>The largest length of a key, in characters.</summary>
    public const int MaxKeyLength = 256;

    private static readonly string[] KnownTags = ["bool", "float", "int", "map", "null", "seq", "str"];

    private readonly Parser _parser;
    private readonly Func<long, string, ConfigurationMistakeException> _mistake;

    // A null value is an anchor whose node is not complete yet.
    private readonly Dictionary<AnchorName, YamlNode?> _anchors = [];

    private YamlComposer(string text, Func<long, string, ConfigurationMistakeException> mistake)
    {
        _parser = new Parser(new StringReader(text));
        _mistake = mistake;
    }

    /// <summary>Reads the document.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="mistake">Creates the error from a line and a text without a full stop, which says what is wrong there and what to do.</param>
    /// <returns>The root; an empty scalar when the text has no document.</returns>
    public static YamlNode Compose(string text, Func<long, string, ConfigurationMistakeException> mistake)
    {
        RefuseControlCharacters(text, mistake);
        var composer = new YamlComposer(text, mistake);
        try
        {
            return composer.ComposeStream();
        }
        catch (YamlException error)
        {
            RefuseTabs(text, error.Message.Contains("tab", StringComparison.Ordinal) ? text.Length : error.Start.Line, mistake);
            throw mistake(error.Start.Line, $"this is not valid YAML ({Detail(error.Message)}); correct it");
        }
        catch (Exception error) when (error is not ConfigurationMistakeException)
        {
            // For some mistakes, such as an unclosed bracket, the parser throws an unrelated exception.
            var line = composer._parser.Current?.End.Line ?? 1;
            RefuseTabs(text, line, mistake);
            throw mistake(line, "the text that begins here is not valid YAML; correct it");
        }
    }

    // YAML forbids these characters, and the parser treats U+0000 as the end.
    private static void RefuseControlCharacters(string text, Func<long, string, ConfigurationMistakeException> mistake)
    {
        var line = 1;
        foreach (var character in text)
        {
            if (character == '\n')
                line++;
            else if (char.IsControl(character) && character is not ('\t' or '\r' or '\u0085'))
                throw mistake(line, $"the text contains the control character U+{(int)character:X4}, which YAML does not allow; remove it");
        }
    }

    // The parser's own errors about tabs vary in text and line.
    private static void RefuseTabs(string text, long last, Func<long, string, ConfigurationMistakeException> mistake)
    {
        foreach (var (index, line) in text.Split('\n').Take((int)last + 1).Index())
        {
            if (line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length).Contains('\t') && !string.IsNullOrWhiteSpace(line))
                throw mistake(index + 1, "the line is indented with a tab, which YAML does not allow; use spaces");
        }
    }

    private YamlNode ComposeStream()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
            return new YamlScalar(1, "", isPlain: true);
        _parser.Consume<DocumentStart>();
        var root = ComposeNode(height: 1);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
            throw _mistake(second.Start.Line, "a second document begins here; keep one");
        _parser.Consume<StreamEnd>();
        return root;
    }

    private YamlNode ComposeNode(int height)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return Resolve(alias);
        var start = _parser.Consume<NodeEvent>();
        if (height > MaxHeight)
            throw TooHigh(start.Start.Line);
        RefuseUnknownTag(start);
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor] = null;
        YamlNode node = start switch
        {
            Scalar scalar => new YamlScalar(scalar.Start.Line, scalar.Value, scalar is { Style: ScalarStyle.Plain, IsPlainImplicit: true }),
            SequenceStart => ComposeSequence(start.Start.Line, height),
            _ => ComposeMapping(start.Start.Line, height),
        };
        if (!start.Anchor.IsEmpty)
            _anchors[start.Anchor] = node;
        return node;
    }

    private YamlSequence ComposeSequence(long line, int height)
    {
        var sequence = new YamlSequence(line);
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            sequence.Add(ComposeNode(height + 1));
            RefuseTooLarge(sequence);
        }

        return sequence;
    }

    private YamlMapping ComposeMapping(long line, int height)
    {
        var mapping = new YamlMapping(line);
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var key = ComposeKey();
            if (!key.IsMergeKey && !lines.TryAdd(key.Text, key.Line))
                throw _mistake(key.Line, $"the key '{RepositoryName.Shown(key.Text)}' occurs twice in one mapping, first in line {lines[key.Text]}; keep one");
            mapping.Add(new(key, ComposeNode(height + 1)));
            RefuseTooLarge(mapping);
        }

        return mapping;
    }

    private YamlScalar ComposeKey()
    {
        var line = _parser.Current!.Start.Line;
        var node = _parser.Accept<Scalar>(out _) || _parser.Accept<AnchorAlias>(out _) ? ComposeNode(height: 1) : null;
        return node switch
        {
            YamlScalar { IsNull: true } or YamlScalar { Text: "" } => throw _mistake(line, "a key is empty; give it a name"),
            YamlScalar { Text.Length: > MaxKeyLength } => throw _mistake(line, $"a key is longer than {MaxKeyLength} characters; shorten it"),
            YamlScalar key => key,
            _ => throw _mistake(line, "a key is a list or a mapping; make it a text"),
        };
    }

    private YamlNode Resolve(AnchorAlias alias)
    {
        var name = RepositoryName.Shown(alias.Value.Value);
        if (!_anchors.TryGetValue(alias.Value, out var node))
            throw _mistake(alias.Start.Line, $"the alias '*{name}' has no anchor '&{name}' before it; define it or correct the name");
        return node ?? throw _mistake(alias.Start.Line, $"the alias '*{name}' is inside its own anchor, which would never end; remove it");
    }

    private void RefuseTooLarge(YamlNode node)
    {
        if (node.Size > MaxNodes)
            throw _mistake(node.Line, $"with its aliases expanded this has more than {MaxNodes} values; shorten it");
        if (node.Height > MaxHeight)
            throw TooHigh(node.Line);
    }

    private void RefuseUnknownTag(NodeEvent node)
    {
        if (node.Tag.IsEmpty || node.Tag.IsNonSpecific || KnownTags.Any(tag => node.Tag.Value == $"tag:yaml.org,2002:{tag}"))
            return;
        throw _mistake(node.Start.Line, $"the tag '{RepositoryName.Shown(node.Tag.Value)}' has no meaning here; remove it");
    }

    private ConfigurationMistakeException TooHigh(long line) =>
        _mistake(line, $"this is nested more than {MaxHeight} levels deep; flatten it");

    private static string Detail(string message)
    {
        var detail = RepositoryName.Shown(message.TrimEnd('.'));
        return detail.Length == 0 ? "it cannot be parsed" : char.ToLowerInvariant(detail[0]) + detail[1..];
    }
}
