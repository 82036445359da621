using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions.Queries;

namespace Orchestrator.Core.Definitions;

/// <summary>
/// Which parts of a saga's payloads are secret: those the definition marks, and those its mappings make of them. Only
/// the names of a path count, so a path through a list means every item of it. Immutable, safe for any number of
/// threads.
/// </summary>
public sealed class SecretFields
{
    private readonly SecretTree input = new();
    private readonly SecretTree result = new();
    private readonly Dictionary<string, SecretTree> outputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SecretTree> data = new(StringComparer.Ordinal);

    private SecretFields(SagaDefinition definition)
    {
        var marked = definition.Secret.Select(text => Query.Read(text, out _)!).ToList();
        foreach (var query in marked) TreeOf(query).Add(NamesOf(query).AsSpan());
        foreach (var step in definition.Steps)
        {
            data[step.Name] = new SecretTree();
            Follow(step.Input, marked, data[step.Name]);
        }

        if (definition.Output is { } output) Follow(output, marked, result);
    }

    /// <summary>What stands in the place of what is secret.</summary>
    public static JsonData Mask { get; } = JsonData.FromText("\"***\"");

    /// <summary>Those of a definition.</summary>
    public static SecretFields Of(SagaDefinition definition) => new(definition);

    /// <summary>A saga's input without what is secret.</summary>
    public JsonData OfInput(JsonData payload) => input.Cover(payload);

    /// <summary>What the completed saga shows, without what is secret.</summary>
    public JsonData OfSagaOutput(JsonData payload) => result.Cover(payload);

    /// <summary>What a step is sent, without what is secret. Of a step that is not known all is.</summary>
    public JsonData OfData(string step, JsonData payload) => Cover(data, step, payload);

    /// <summary>
    /// What an operator has a step sent instead, which need not look like what the definition makes: all of it, when
    /// any of that is secret.
    /// </summary>
    public JsonData OfEdit(string step, JsonData payload) =>
        data.TryGetValue(step, out var tree) && tree.IsEmpty ? payload : Mask;

    /// <summary>What a step has answered, without what is secret. Of a step that is not known all is.</summary>
    public JsonData OfOutput(string step, JsonData payload) =>
        data.ContainsKey(step) && !outputs.ContainsKey(step) ? payload : Cover(outputs, step, payload);

    private static JsonData Cover(Dictionary<string, SecretTree> trees, string step, JsonData payload) =>
        trees.TryGetValue(step, out var tree) ? tree.Cover(payload) : Mask;

    private SecretTree TreeOf(Query query)
    {
        if (query.Root == QueryRoot.Input) return input;
        if (!outputs.TryGetValue(query.Step!, out var tree)) outputs[query.Step!] = tree = new SecretTree();
        return tree;
    }

    /// <summary>Where a mapping puts what is marked: a query reads it, a part of it, or what is around it.</summary>
    private static void Follow(InputMapping mapping, List<Query> marked, SecretTree into)
    {
        using var written = JsonDocument.Parse(mapping.Written.Utf8);
        Follow(written.RootElement, [], marked, into);
    }

    private static void Follow(
        JsonElement written, ImmutableArray<string> at, List<Query> marked, SecretTree into)
    {
        switch (written.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in written.EnumerateObject())
                    Follow(property.Value, at.Add(property.Name), marked, into);
                break;
            case JsonValueKind.Array:
                foreach (var item in written.EnumerateArray()) Follow(item, at, marked, into);
                break;
            case JsonValueKind.String when Query.Read(written.GetString()!, out _) is { } query:
                foreach (var secret in marked) Follow(query, secret, at, into);
                break;
            default:
                // It is in the definition itself, which is no secret.
                break;
        }
    }

    private static void Follow(Query query, Query secret, ImmutableArray<string> at, SecretTree into)
    {
        if (query.Root != secret.Root || query.Step != secret.Step) return;
        var (read, marked) = (NamesOf(query), NamesOf(secret));
        var common = Math.Min(read.Length, marked.Length);
        if (!read.AsSpan(0, common).SequenceEqual(marked.AsSpan(0, common))) return;
        into.Add([.. at, .. marked[common..]]);
    }

    private static ImmutableArray<string> NamesOf(Query query) =>
        [.. query.Rest.Select(selector => selector.Name).OfType<string>()];
}
