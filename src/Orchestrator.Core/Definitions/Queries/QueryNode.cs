using System.Text;
using System.Text.Json;

namespace Orchestrator.Core.Definitions.Queries;

/// <summary>
/// The queries that read one source, as a tree of their selectors, so that a single pass over the source's bytes
/// answers all of them. Built while compiling, unchanged afterwards.
/// </summary>
/// <remarks>
/// A name that occurs twice in an object means its last value, as in System.Text.Json, JavaScript, Python and Go: a
/// participant that is sent the whole input then sees what a query sees.
/// </remarks>
internal sealed class QueryNode
{
    // Nesting costs the reader one bit a level; limits on depth are kept where data comes in.
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = int.MaxValue };

    private readonly List<int> slots = [];
    private readonly List<(byte[] Name, QueryNode Child)> names = [];
    private readonly List<(long Index, QueryNode Child)> indexes = [];

    /// <summary>Adds a query whose answer goes to <paramref name="slot" />.</summary>
    public void Add(ReadOnlySpan<Selector> selectors, int slot)
    {
        if (selectors.IsEmpty) slots.Add(slot);
        else ChildFor(selectors[0]).Add(selectors[1..], slot);
    }

    /// <summary>Puts the bytes of every value found into its slot; the slots of the others stay empty.</summary>
    public void Find(ReadOnlyMemory<byte> data, ReadOnlyMemory<byte>[] found)
    {
        if (names.Count == 0 && indexes.Count == 0)
        {
            foreach (var slot in slots) found[slot] = data;
            return;
        }

        var reader = new Utf8JsonReader(data.Span, ReaderOptions);
        reader.Read();
        Walk(ref reader, data, found);
    }

    /// <summary>Stands on the first token of a value before, on its last afterwards.</summary>
    private void Walk(ref Utf8JsonReader reader, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte>[] found)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.StartObject && names.Count > 0) WalkObject(ref reader, data, found);
        else if (reader.TokenType == JsonTokenType.StartArray && indexes.Count > 0) WalkArray(ref reader, data, found);
        else reader.Skip();
        foreach (var slot in slots) found[slot] = data[start..(int)reader.BytesConsumed];
    }

    private void WalkObject(ref Utf8JsonReader reader, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte>[] found)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var child = ChildNamedAt(ref reader);
            reader.Read();
            if (child is null)
            {
                reader.Skip();
                continue;
            }

            child.Forget(found);
            child.Walk(ref reader, data, found);
        }
    }

    private void WalkArray(ref Utf8JsonReader reader, ReadOnlyMemory<byte> data, ReadOnlyMemory<byte>[] found)
    {
        var length = indexes.Exists(child => child.Index < 0) ? Count(reader) : 0;
        for (var i = 0L; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            foreach (var (index, child) in indexes)
            {
                if (index != i && index + length != i) continue;
                // [0] and [-1] may mean the same item, so each reads it with a copy of the reader.
                var copy = reader;
                child.Walk(ref copy, data, found);
            }

            reader.Skip();
        }
    }

    /// <summary>Takes the reader by value: the caller's stays where it is.</summary>
    private static long Count(Utf8JsonReader reader)
    {
        var count = 0L;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++) reader.Skip();
        return count;
    }

    private QueryNode? ChildNamedAt(ref Utf8JsonReader reader)
    {
        try
        {
            foreach (var (name, child) in names)
            {
                if (reader.ValueTextEquals(name)) return child;
            }
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair as an escape: JSON's grammar allows it, but it is no text, so no query can name it.
        }

        return null;
    }

    private void Forget(ReadOnlyMemory<byte>[] found)
    {
        foreach (var slot in slots) found[slot] = default;
        foreach (var (_, child) in names) child.Forget(found);
        foreach (var (_, child) in indexes) child.Forget(found);
    }

    private QueryNode ChildFor(Selector selector)
    {
        QueryNode? child;
        if (selector.Name is { } name)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            child = names.Find(known => known.Name.AsSpan().SequenceEqual(utf8)).Child;
            if (child is null) names.Add((utf8, child = new QueryNode()));
        }
        else
        {
            child = indexes.Find(known => known.Index == selector.Index).Child;
            if (child is null) indexes.Add((selector.Index, child = new QueryNode()));
        }

        return child;
    }
}
