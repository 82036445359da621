using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Core.Definitions;

/// <summary>
/// Reads JSON (RFC 8259, no comments, no trailing commas) into nodes that know their lines. Safe for any number of
/// threads.
/// </summary>
public static class JsonDefinitionText
{
    // One more than the limit, so that going beyond it is told in the same words whatever the file is written in.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = DefinitionLimits.Depth + 1 };

    /// <summary>Reads one JSON value. Whatever is wrong with the text is one problem with its line.</summary>
    public static DefinitionText Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        var nodes = new DefinitionNodes();
        var lines = new LineCounter();
        try
        {
            while (reader.Read())
            {
                var line = lines.LineOf(utf8, (int)reader.TokenStartIndex);
                if (Take(ref reader, nodes, line) is { } problem) return DefinitionText.Unreadable(line, problem);
            }
        }
        catch (JsonException refused)
        {
            return DefinitionText.Unreadable((int)(refused.LineNumber ?? 0) + 1, Explain(refused));
        }
        catch (InvalidOperationException)
        {
            var line = lines.LineOf(utf8, (int)reader.TokenStartIndex);
            return DefinitionText.Unreadable(line, "A \\u escape here is half a surrogate pair. Write both halves.");
        }

        return nodes.Root is null
            ? DefinitionText.Unreadable(1, "The file is empty.")
            : new DefinitionText(nodes.Root, nodes.Problems);
    }

    private static string? Take(ref Utf8JsonReader reader, DefinitionNodes nodes, int line)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return nodes.Begin(line, isObject: true);
            case JsonTokenType.StartArray:
                return nodes.Begin(line, isObject: false);
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                nodes.End();
                return null;
            case JsonTokenType.PropertyName:
                nodes.Name(line, reader.GetString()!);
                return null;
            case JsonTokenType.String:
                return nodes.Scalar(new TextNode(line, reader.GetString()!));
            case JsonTokenType.Number:
                return nodes.Scalar(new NumberNode(line, Encoding.UTF8.GetString(reader.ValueSpan)));
            case JsonTokenType.True or JsonTokenType.False:
                return nodes.Scalar(new BooleanNode(line, reader.TokenType == JsonTokenType.True));
            case JsonTokenType.Null:
                return nodes.Scalar(new NullNode(line));
            default:
                throw new UnreachableException($"A token of kind {reader.TokenType} where comments are refused.");
        }
    }

    private static string Explain(JsonException refused)
    {
        var end = refused.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return $"This is not JSON: {(end < 0 ? refused.Message : refused.Message[..end])}";
    }

    /// <summary>Counts line feeds as far as it is asked; offsets never go back.</summary>
    private sealed class LineCounter
    {
        private int line;
        private int seen;

        public int LineOf(ReadOnlySpan<byte> utf8, int offset)
        {
            line += utf8[seen..offset].Count((byte)'\n');
            seen = offset;
            return line + 1;
        }
    }
}
