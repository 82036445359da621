using System.Collections.Immutable;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions.Queries;

namespace Orchestrator.Core.Definitions;

/// <summary>What an <see cref="InputMapping" /> reads from.</summary>
public interface IMappingSource
{
    /// <summary>The saga's input: <c>$.input</c>.</summary>
    JsonData Input { get; }

    /// <summary>The saga's facts as one JSON object: <c>$.saga</c>. Only asked for when a query names it.</summary>
    JsonData Saga { get; }

    /// <summary>The output of a step that is done, or null when it is not: <c>$.steps.NAME.output</c>.</summary>
    JsonData? OutputOf(string step);
}

/// <summary>What came of a mapping.</summary>
/// <param name="Data">The value; it holds <c>null</c> where a query was not filled in.</param>
/// <param name="Gap">The first query that was not filled in; null when all were.</param>
public readonly record struct Mapped(JsonData Data, MappingGap? Gap);

/// <summary>
/// A JSON value with queries in it, compiled once per definition version. Immutable, safe for any number of threads.
/// </summary>
/// <remarks>
/// A text that begins with <c>$</c> is a singular query of RFC 9535, <c>$$</c> is one literal <c>$</c>. What a query
/// finds is copied byte for byte, so a number keeps its digits. A JSON null that is found counts as present.
/// </remarks>
public sealed class InputMapping : IEquatable<InputMapping>
{
    private static readonly ReadOnlyMemory<byte> NullBytes = "null"u8.ToArray();

    // literals[0] query[0] literals[1] query[1] ... literals[n]
    private readonly ImmutableArray<ReadOnlyMemory<byte>> literals;
    private readonly ImmutableArray<string> queries;
    private readonly ImmutableArray<int> depths;
    private readonly ImmutableArray<SourceReads> sources;
    private readonly int literalBytes;

    internal InputMapping(
        ImmutableArray<ReadOnlyMemory<byte>> literals,
        ImmutableArray<Query> queries,
        ImmutableArray<int> depths,
        JsonData written)
    {
        this.literals = literals;
        this.depths = depths;
        this.queries = [.. queries.Select(query => query.Text)];
        literalBytes = literals.Sum(literal => literal.Length);
        sources = SourceReads.Of(queries);
        ReadsStepsOf = [.. sources.Select(source => source.Step).OfType<string>()];
        Written = written;
    }

    /// <summary>The mapping of a step that names no input: the saga's input as it came.</summary>
    public static InputMapping WholeInput { get; } = new(
        [default, default],
        [new Query("$.input", QueryRoot.Input, null, [])],
        [0],
        JsonData.FromText("\"$.input\""));

    /// <summary>The value as it is written in the definition, queries and all, without white space.</summary>
    public JsonData Written { get; }

    /// <summary>The names of the steps whose output the mapping reads, each once.</summary>
    public IReadOnlyCollection<string> ReadsStepsOf { get; }

    /// <summary>
    /// Compiles a value of a definition's file; problems carry its lines and begin with <paramref name="path" />.
    /// </summary>
    public static CompiledMapping Compile(DefinitionNode written, string path = "") =>
        MappingCompiler.Compile(written, path);

    /// <summary>Compiles a JSON text. What is not JSON is a problem as well.</summary>
    public static CompiledMapping Compile(JsonData written)
    {
        var text = JsonDefinitionText.Read(written.Utf8.Span);
        if (text.Root is null) return new CompiledMapping(null, [.. text.Problems], []);
        var compiled = MappingCompiler.Compile(text.Root, DefinitionPath.Root);
        return text.Problems.Count == 0
            ? compiled
            : new CompiledMapping(null, [.. text.Problems, .. compiled.Problems], compiled.Reads);
    }

    /// <summary>
    /// Fills in the queries. One that would make the value larger than <see cref="DefinitionLimits.MappedBytes" /> or
    /// nest it deeper than <see cref="DefinitionLimits.Depth" /> is left <c>null</c>, as one that found nothing.
    /// </summary>
    public Mapped Map(IMappingSource source)
    {
        if (queries.IsEmpty) return new Mapped(new JsonData(literals[0]), null);
        var found = new ReadOnlyMemory<byte>[queries.Length];
        foreach (var reads in sources) reads.Find(source, found);

        MappingGap? gap = null;
        var length = literalBytes;
        for (var i = 0; i < found.Length; i++) length += Settle(found, i, length, ref gap);

        // A lone query hands on what it found without a copy.
        return new Mapped(new JsonData(literalBytes == 0 ? found[0] : Join(found, length)), gap);
    }

    /// <summary>
    /// The first query that cannot be filled in, leaving out those that read a step that is not
    /// <paramref name="known" /> yet; null when all that can be looked up now fits.
    /// </summary>
    public MappingGap? FirstGap(IMappingSource source, Func<string, bool> known)
    {
        if (queries.IsEmpty) return null;
        var found = new ReadOnlyMemory<byte>[queries.Length];
        var slots = new List<int>(queries.Length);
        foreach (var reads in sources)
        {
            if (reads.Step is { } step && !known(step)) continue;
            reads.Find(source, found);
            slots.AddRange(reads.Slots);
        }

        slots.Sort();
        MappingGap? gap = null;
        var length = literalBytes;
        foreach (var slot in slots) length += Settle(found, slot, length, ref gap);
        return gap;
    }

    /// <summary>Two mappings are equal when they are written alike, white space aside.</summary>
    public bool Equals(InputMapping? other) => other is not null && Written == other.Written;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as InputMapping);

    /// <inheritdoc />
    public override int GetHashCode() => Written.GetHashCode();

    /// <summary>Makes null of what cannot be filled in; answers the bytes that go into the slot.</summary>
    private int Settle(ReadOnlyMemory<byte>[] found, int slot, int length, ref MappingGap? gap)
    {
        if (CauseOf(found[slot].Span, depths[slot], length) is { } cause)
        {
            gap ??= new MappingGap(queries[slot], cause);
            found[slot] = NullBytes;
        }

        return found[slot].Length;
    }

    private static GapCause? CauseOf(ReadOnlySpan<byte> found, int depth, int length)
    {
        if (found.IsEmpty) return GapCause.Missing;
        if (found.Length > DefinitionLimits.MappedBytes - length) return GapCause.TooLarge;
        // What comes in is bounded where it comes in, so only what is put inside of something can become too deep.
        return depth > 0 && Nesting.IsDeeperThan(DefinitionLimits.Depth - depth, found) ? GapCause.TooDeep : null;
    }

    private byte[] Join(ReadOnlyMemory<byte>[] found, int length)
    {
        var joined = new byte[length];
        var rest = joined.AsSpan();
        for (var i = 0; i < found.Length; i++)
        {
            literals[i].Span.CopyTo(rest);
            rest = rest[literals[i].Length..];
            found[i].Span.CopyTo(rest);
            rest = rest[found[i].Length..];
        }

        literals[^1].Span.CopyTo(rest);
        return joined;
    }
}
