using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions.Rules;

namespace Orchestrator.Core.Definitions;

/// <summary>
/// An override as JSON, the same in a request, in the store and in a history: an object with the properties of a
/// definition's <c>retry</c>, those it leaves alone left out.
/// </summary>
public static class RetryOverrideJson
{
    /// <summary>Writes it as one object.</summary>
    public static void Write(Utf8JsonWriter writer, RetryOverride retry)
    {
        writer.WriteStartObject();
        if (retry.First is { } first) writer.WriteString("first", Durations.Write(first));
        if (retry.Factor is { } factor) writer.WriteNumber("factor", factor);
        if (retry.Longest is { } longest) writer.WriteString("longest", Durations.Write(longest));
        if (retry.Attempts is { } attempts) writer.WriteNumber("attempts", attempts);
        if (retry.Timeout is { } timeout) writer.WriteString("timeout", Durations.Write(timeout));
        writer.WriteEndObject();
    }

    /// <summary>The same as JSON.</summary>
    public static JsonData Write(RetryOverride retry)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(bytes);
        Write(writer, retry);
        writer.Flush();
        return new JsonData(bytes.WrittenMemory);
    }

    /// <summary>
    /// Reads it, or says all that is wrong with it; paths begin with <c>retry</c>. An object without a value, and null,
    /// override nothing and are null.
    /// </summary>
    public static (RetryOverride? Retry, IReadOnlyList<DefinitionProblem> Problems) Check(JsonData json)
    {
        var text = JsonDefinitionText.Read(json.Utf8.Span);
        if (text.Root is not { } root || text.Problems.Count > 0) return (null, text.Problems);
        if (root is NullNode) return (null, []);
        var findings = new Findings();
        var read = RetryRules.ReadOverride(new Place(0, "retry", root), findings);
        return (read == RetryOverride.None ? null : read, findings.ByLine());
    }

    /// <summary>Reads what was written here; anything else is a <see cref="FormatException" />.</summary>
    public static RetryOverride? Read(JsonData json)
    {
        var (retry, problems) = Check(json);
        return problems.Count == 0
            ? retry
            : throw new FormatException($"A stored override of retries cannot be read: {problems[0].Message}");
    }
}
