using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine.Auditing;

namespace Orchestrator.Engine.Batches;

/// <summary>The arguments of a batch's verb, checked. Stored as JSON. Immutable.</summary>
public sealed record BatchArgs
{
    /// <summary>
    /// The expiry an extend asks for: an instant, so that a batch that goes on later asks for the same.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>How long from its start, or until when, a rerun has; the definition's deadline when null.</summary>
    public string? Deadline { get; init; }

    /// <summary>The step a resend or a resolve is about.</summary>
    public string? Step { get; init; }

    /// <summary>What a resolve says became of the step.</summary>
    public Resolution? As { get; init; }

    /// <summary>The data a resend sends instead.</summary>
    public JsonData? Data { get; init; }

    /// <summary>The output of a step that a resolve says is done.</summary>
    public JsonData? Output { get; init; }

    /// <summary>A rerun runs completed sagas again too.</summary>
    public bool Force { get; init; }

    /// <summary>As it is stored.</summary>
    public string ToJson() => AuditJson.Of(writer =>
    {
        WriteShown(writer);
        Write(writer, "data", Data);
        Write(writer, "output", Output);
    });

    /// <summary>What every reader may see of it: no data of sagas.</summary>
    public string ToShown() => AuditJson.Of(WriteShown);

    /// <summary>Reads what <see cref="ToJson" /> wrote.</summary>
    public static BatchArgs Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new BatchArgs
        {
            ExpiresAt = Text(root, "expiresAt") is { } at && Instants.TryRead(at, out var instant) ? instant : null,
            Deadline = Text(root, "deadline"),
            Step = Text(root, "step"),
            As = Text(root, "as") is { } word ? Enum.Parse<Resolution>(word, ignoreCase: true) : null,
            Data = Raw(root, "data"),
            Output = Raw(root, "output"),
            Force = root.TryGetProperty("force", out var force) && force.GetBoolean(),
        };
    }

    private void WriteShown(Utf8JsonWriter writer)
    {
        if (ExpiresAt is { } at) writer.WriteString("expiresAt", Instants.Write(at));
        if (Deadline is not null) writer.WriteString("deadline", Deadline);
        if (Step is not null) writer.WriteString("step", Step);
        if (As is { } resolution) writer.WriteString("as", resolution.ToString().ToLowerInvariant());
        if (Force) writer.WriteBoolean("force", true);
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonData? data)
    {
        if (data is not { } value) return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static JsonData? Raw(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? JsonData.FromText(value.GetRawText()) : null;
}
