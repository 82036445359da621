using System.Collections.Immutable;
using System.Diagnostics;
using Orchestrator.Contract;

namespace Orchestrator.Core.Definitions.Queries;

/// <summary>
/// All queries of one mapping over one document: the input, the saga or one step's output. Immutable.
/// </summary>
internal sealed class SourceReads
{
    private readonly QueryRoot root;
    private readonly QueryNode queries = new();

    private SourceReads(QueryRoot root, string? step, IReadOnlyCollection<(Query Query, int Slot)> reads)
    {
        this.root = root;
        Step = step;
        Slots = [.. reads.Select(read => read.Slot)];
        foreach (var (query, slot) in reads) queries.Add(query.Rest.AsSpan(), slot);
    }

    /// <summary>The step's name, or null when the document is no step's output.</summary>
    public string? Step { get; }

    /// <summary>Where its queries stand among those of the mapping.</summary>
    public ImmutableArray<int> Slots { get; }

    public static ImmutableArray<SourceReads> Of(ImmutableArray<Query> queries) =>
    [
        .. queries
            .Select((query, slot) => (query, slot))
            .GroupBy(read => (read.query.Root, read.query.Step))
            .Select(reads => new SourceReads(reads.Key.Root, reads.Key.Step, [.. reads])),
    ];

    public void Find(IMappingSource source, ReadOnlyMemory<byte>[] found)
    {
        JsonData? data = root switch
        {
            QueryRoot.Input => source.Input,
            QueryRoot.Saga => source.Saga,
            QueryRoot.StepOutput => source.OutputOf(Step!),
            _ => throw new UnreachableException($"A query with the root {root}."),
        };
        if (data is { } known) queries.Find(known.Utf8, found);
    }
}
