using System.Text.Json;

namespace Orchestrator.Core.Definitions.Queries;

/// <summary>How deep lists and objects stand in each other.</summary>
internal static class Nesting
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = int.MaxValue };

    /// <summary>
    /// True when a JSON value has more than <paramref name="levels" /> of them; a number or a text has none.
    /// </summary>
    public static bool IsDeeperThan(int levels, ReadOnlySpan<byte> json)
    {
        // Each level has a bracket at both ends, so what is short need not be read.
        if (json.Length / 2 <= levels || json[0] is not ((byte)'{' or (byte)'[')) return false;
        var reader = new Utf8JsonReader(json, ReaderOptions);
        while (reader.Read())
        {
            var opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (opens && reader.CurrentDepth >= levels) return true;
        }

        return false;
    }
}
