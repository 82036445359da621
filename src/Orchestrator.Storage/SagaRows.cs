using System.Collections.Immutable;
using System.Text.Json;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>A row of <c>sagas</c> as the queries read it; Dapper fills it in by column name.</summary>
internal sealed class SagaRowData
{
    public long No { get; set; }

    public string Id { get; set; } = "";

    public string Definition { get; set; } = "";

    public int DefinitionVersion { get; set; }

    public int Phase { get; set; }

    public bool Stuck { get; set; }

    public bool InDoubt { get; set; }

    public bool Suspended { get; set; }

    public bool Unverified { get; set; }

    public string? ReasonCode { get; set; }

    public string? ReasonText { get; set; }

    public string? ReasonActor { get; set; }

    public long StartedAt { get; set; }

    public long ExpiresAt { get; set; }

    public long? EndedAt { get; set; }

    public string? BusinessKey { get; set; }

    public string? Tags { get; set; }

    public SagaSummary ToSummary() => new()
    {
        Id = Id,
        Definition = Definition,
        DefinitionVersion = DefinitionVersion,
        Phase = (SagaPhase)Phase,
        Outcome = SagaRows.OutcomeOf((SagaPhase)Phase),
        Stuck = Stuck,
        InDoubt = InDoubt,
        Suspended = Suspended,
        Unverified = Unverified,
        Reason = ReasonCode is null ? null : new SagaReason(ReasonCode, ReasonText ?? "", ReasonActor ?? ""),
        StartedAt = SagaRows.Instant(StartedAt),
        ExpiresAt = SagaRows.Instant(ExpiresAt),
        EndedAt = EndedAt is { } ended ? SagaRows.Instant(ended) : null,
        BusinessKey = BusinessKey,
        Tags = SagaRows.ReadTags(Tags),
    };
}

/// <summary>How values of a saga's row are written and read.</summary>
internal static class SagaRows
{
    /// <summary>Between the participants of an ending; no name holds a line feed.</summary>
    public const char Separator = '\n';

    /// <summary>The columns of <see cref="SagaRowData" />.</summary>
    public const string Columns = """
        s.no AS No, s.id AS Id, s.definition AS Definition, s.definition_version AS DefinitionVersion, s.phase AS Phase,
        s.stuck AS Stuck, s.in_doubt AS InDoubt, s.suspended AS Suspended, s.unverified AS Unverified,
        s.reason_code AS ReasonCode,
        s.reason_text AS ReasonText, s.reason_actor AS ReasonActor, s.started_at AS StartedAt,
        s.expires_at AS ExpiresAt, s.ended_at AS EndedAt,
        s.business_key AS BusinessKey, s.tags AS Tags
        """;

    public static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static SagaOutcome? OutcomeOf(SagaPhase phase) => phase switch
    {
        SagaPhase.Completed => SagaOutcome.Completed,
        SagaPhase.Compensated => SagaOutcome.Compensated,
        _ => null,
    };

    public static string? WriteTags(ImmutableSortedDictionary<string, string> tags) =>
        tags.IsEmpty
            ? null
            : JsonSerializer.Serialize(new Dictionary<string, string>(tags), TagsJson.Default.DictionaryStringString);

    public static ImmutableSortedDictionary<string, string> ReadTags(string? json) => json is null
        ? ImmutableSortedDictionary<string, string>.Empty
        : JsonSerializer.Deserialize(json, TagsJson.Default.DictionaryStringString)!.ToImmutableSortedDictionary();
}

/// <summary>Source-generated JSON of the tags column.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class TagsJson : System.Text.Json.Serialization.JsonSerializerContext;
