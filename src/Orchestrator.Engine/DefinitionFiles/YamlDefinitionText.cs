using Orchestrator.Core.Definitions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Orchestrator.Engine.DefinitionFiles;

/// <summary>
/// Reads YAML, event by event, into nodes that know their lines. What makes YAML larger or other than it looks
/// (anchors, aliases, tags, several documents) is refused.
/// </summary>
internal static class YamlDefinitionText
{
    public static DefinitionText Read(string text)
    {
        var nodes = new DefinitionNodes();
        var scanner = new Scanner(new StringReader(text), skipComments: true);
        var parser = new Parser(scanner);
        while (true)
        {
            var isEnd = MoveNext(parser, scanner, out var refused);
            if (refused is not null) return Explain(refused, text);
            if (isEnd) break;
            var line = (int)parser.Current!.Start.Line;
            if (Take(parser.Current, nodes, line) is { } problem) return DefinitionText.Unreadable(line, problem);
        }

        return nodes.Root is null
            ? DefinitionText.Unreadable(1, "The file is empty.")
            : new DefinitionText(nodes.Root, nodes.Problems);
    }

    /// <summary>True at the end. The parser's own exceptions become one kind, with a place.</summary>
    private static bool MoveNext(Parser parser, Scanner scanner, out YamlException? refused)
    {
        refused = null;
        try
        {
            return !parser.MoveNext();
        }
        catch (YamlException known)
        {
            refused = known;
        }
        catch (Exception unforeseen) when (unforeseen is not OutOfMemoryException)
        {
            // On some broken texts the library trips over itself (InvalidOperationException and others). It is told to
            // parse and nothing else here, so whatever it throws means the text.
            var here = scanner.CurrentPosition;
            refused = new YamlException(here, here, "something here is out of place", unforeseen);
        }

        return false;
    }

    /// <summary>Answers what ends the reading, or null.</summary>
    private static string? Take(ParsingEvent current, DefinitionNodes nodes, int line)
    {
        switch (current)
        {
            case AnchorAlias:
                return "Aliases (*name) are not read. Write the value out.";
            case NodeEvent { Anchor.IsEmpty: false }:
                return "Anchors (&name) are not read. Leave the anchor out.";
            case NodeEvent { Tag.IsEmpty: false }:
                return "Tags (!name) are not read. Leave the tag out; quotes make a value a text.";
            case DocumentStart when nodes.Root is not null:
                return "The file holds more than one document. Keep one definition per file.";
            case SequenceStart or MappingStart when nodes.ExpectsName:
                return "A name has to be a text here, not a list or an object.";
            case MappingStart:
                return nodes.Begin(line, isObject: true);
            case SequenceStart:
                return nodes.Begin(line, isObject: false);
            case MappingEnd or SequenceEnd:
                nodes.End();
                return null;
            case Scalar scalar:
                return TakeScalar(scalar, nodes, line);
            default:
                return null;
        }
    }

    private static string? TakeScalar(Scalar scalar, DefinitionNodes nodes, int line)
    {
        if (nodes.ExpectsName)
        {
            nodes.Name(line, scalar.Value);
            return null;
        }

        var node = scalar.Style == ScalarStyle.Plain
            ? YamlScalar.Read(line, scalar.Value)
            : new TextNode(line, scalar.Value);
        return node is null ? $"JSON has no number \"{scalar.Value}\". Quotes make it a text." : nodes.Scalar(node);
    }

    private static DefinitionText Explain(YamlException refused, string text)
    {
        var line = (int)Math.Max(1, refused.Start.Line);
        // A tab is noticed where the line before it does not end; people look for it where it stands.
        var lines = text.Split('\n');
        for (var i = line; i <= Math.Min(line + 1, lines.Length); i++)
        {
            var shown = lines[i - 1].AsSpan();
            if (shown[..^shown.TrimStart().Length].Contains('\t'))
                return DefinitionText.Unreadable(i, "This is not YAML: a tab indents the line. Indent with spaces.");
        }

        return DefinitionText.Unreadable(line, $"This is not YAML: {refused.Message.TrimEnd('.')}.");
    }
}
