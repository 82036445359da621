using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestrator.Core.Definitions.Queries;

/// <summary>
/// Turns a JSON value with queries in it into the bytes between its queries. Used once, by one thread.
/// </summary>
internal sealed class MappingCompiler : IDisposable
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        // The bytes are a body of their own, never part of a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly Utf8JsonWriter writer;
    private readonly List<Range> literals = [];
    private readonly List<Query> queries = [];
    private readonly List<int> depths = [];
    private readonly List<DefinitionProblem> problems = [];
    private readonly List<StepRead> reads = [];
    private int literalStart;

    private MappingCompiler() => writer = new Utf8JsonWriter(bytes, WriterOptions);

    public static CompiledMapping Compile(DefinitionNode written, string path)
    {
        using var compiler = new MappingCompiler();
        compiler.Write(written, path);
        compiler.writer.Flush();
        compiler.literals.Add(compiler.literalStart..compiler.bytes.WrittenCount);
        if (compiler.queries.Count > DefinitionLimits.Queries)
            compiler.problems.Add(new(written.Line, path, $"There are more than {DefinitionLimits.Queries} queries."));
        var mapping = compiler.problems.Count > 0 ? null : compiler.Build(written);
        return new CompiledMapping(mapping, [.. compiler.problems], [.. compiler.reads]);
    }

    public void Dispose() => writer.Dispose();

    private InputMapping Build(DefinitionNode written)
    {
        var all = bytes.WrittenSpan.ToArray();
        return new InputMapping(
            [.. literals.Select(range => (ReadOnlyMemory<byte>)all.AsMemory(range))],
            [.. queries],
            [.. depths],
            DefinitionNodeJson.Write(written));
    }

    private void Write(DefinitionNode node, string path)
    {
        switch (node)
        {
            case TextNode text:
                WriteText(text, path);
                break;
            case ListNode list:
                writer.WriteStartArray();
                for (var i = 0; i < list.Items.Length; i++) Write(list.Items[i], DefinitionPath.Of(path, i));
                writer.WriteEndArray();
                break;
            case ObjectNode obj:
                writer.WriteStartObject();
                foreach (var property in obj.Properties)
                {
                    writer.WritePropertyName(property.Name);
                    Write(property.Value, DefinitionPath.Of(path, property.Name));
                }

                writer.WriteEndObject();
                break;
            case NumberNode or BooleanNode or NullNode:
                DefinitionNodeJson.Write(node, writer);
                break;
            default:
                throw new UnreachableException($"A node of type {node.GetType()}.");
        }
    }

    private void WriteText(TextNode node, string path)
    {
        var text = node.Text;
        if (!text.StartsWith('$')) writer.WriteStringValue(text);
        else if (text.StartsWith("$$", StringComparison.Ordinal)) writer.WriteStringValue(text.AsSpan(1));
        else WriteQuery(node, path);
    }

    /// <summary>Lets the writer place the comma and a null, and cuts the null out again.</summary>
    private void WriteQuery(TextNode node, string path)
    {
        var query = Query.Read(node.Text, out var problem);
        if (query is null)
        {
            problems.Add(new(node.Line, path, problem!));
            writer.WriteNullValue();
            return;
        }

        if (query.Step is { } step) reads.Add(new StepRead(step, node.Text, node.Line, path));
        queries.Add(query);
        depths.Add(writer.CurrentDepth);
        writer.WriteNullValue();
        writer.Flush();
        literals.Add(literalStart..(bytes.WrittenCount - "null"u8.Length));
        literalStart = bytes.WrittenCount;
    }
}
