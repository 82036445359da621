using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Contract.Ledger;

/// <summary>Reads one event's attributes one by one and keeps the first problem it meets.</summary>
/// <param name="header">Gives a value by its header's name, null when it is absent.</param>
/// <param name="isBinary">True for headers of the HTTP binary mode, false for members of the structured mode.</param>
internal sealed class AttributeReader(Func<string, string?> header, bool isBinary = true)
{
    internal CommandReading.Malformed? Problem { get; private set; }

    internal void Refuse(string name, string complaint)
    {
        if (Problem is not null) return;
        var attribute = SagaAttributes.Of(name);
        var place = isBinary ? $" (header {name})" : "";
        Problem = new CommandReading.Malformed(attribute, $"The attribute {attribute}{place} {complaint}");
    }

    internal void CheckEnvelope(string type)
    {
        var version = Optional(SagaHeaders.SpecVersion, WireLimits.Word);
        if (version is not (null or "1.0")) Refuse(SagaHeaders.SpecVersion, "must be 1.0.");
        if (Required(SagaHeaders.Type, WireLimits.Word) != type)
            Refuse(SagaHeaders.Type, $"must be {type} at this address.");
        Required(SagaHeaders.Source, WireLimits.Source);
    }

    internal string? Optional(string name, int longest)
    {
        var value = header(name);
        if (string.IsNullOrEmpty(value)) return null;
        // CloudEvents percent-encodes what a header cannot carry.
        if (isBinary && value.Contains('%', StringComparison.Ordinal)) value = Uri.UnescapeDataString(value);
        if (value.Length <= longest) return value;
        Refuse(name, $"is longer than {longest} characters.");
        return null;
    }

    internal string Required(string name, int longest)
    {
        var value = Optional(name, longest);
        if (value is null) Refuse(name, "is missing.");
        return value ?? "";
    }

    internal string Key(string name, int longest)
    {
        var value = Required(name, longest);
        if (!LedgerKeys.IsPart(value)) Refuse(name, LedgerKeys.Rule);
        return value;
    }

    internal string Action(string expected)
    {
        var value = Optional(SagaHeaders.SagaAction, WireLimits.Action);
        if (value is not null && value != expected)
            Refuse(SagaHeaders.SagaAction, $"must be {expected} at this address.");
        return expected;
    }

    internal WireKind Kind()
    {
        var value = Optional(SagaHeaders.SagaKind, WireLimits.Word);
        if (value is null) return WireKind.Compensatable;
        if (!WireWords.TryRead(value, out WireKind kind))
            Refuse(SagaHeaders.SagaKind, "must be compensatable, pivot or retriable.");
        return kind;
    }

    internal DateTimeOffset? OptionalInstant(string name)
    {
        var value = Optional(name, WireLimits.Word);
        if (value is null) return null;
        if (Instants.TryRead(value, out var instant)) return instant;
        Refuse(name, "must be an RFC 3339 instant such as 2026-01-31T12:00:00.000Z.");
        return null;
    }

    internal DateTimeOffset RequiredInstant(string name)
    {
        var instant = OptionalInstant(name);
        if (instant is null) Refuse(name, "is missing.");
        return instant ?? default;
    }

    /// <summary>What cannot be read is left out, as the recommendation asks.</summary>
    internal string? TraceParent()
    {
        var value = header(SagaHeaders.TraceParent);
        return value is not null && ActivityContext.TryParse(value, null, out var context)
            ? $"00-{context.TraceId}-{context.SpanId}-{(int)context.TraceFlags:x2}"
            : null;
    }

    internal long? WholeNumber(string name, long least, long most)
    {
        var value = Optional(name, WireLimits.Word);
        if (value is null) return null;
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
            return number;
        Refuse(name, $"must be a whole number from {least} to {most}.");
        return null;
    }
}
