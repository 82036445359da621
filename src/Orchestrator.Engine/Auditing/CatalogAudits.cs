using System.Text.Json;
using Orchestrator.Core.Definitions;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Auditing;

/// <summary>The audit entries of definitions and participants.</summary>
internal static class CatalogAudits
{
    /// <summary>A version of a definition is stored.</summary>
    public static AuditRow Of(SagaDefinition stored, string actor, DateTimeOffset at) => new()
    {
        At = at,
        Actor = actor,
        Verb = AuditVerbs.PutDefinition,
        Kind = AuditKind.Definition,
        Target = stored.Name,
        Definition = stored.Name,
        Before = stored.Version == 1 ? null : Version(stored.Version - 1),
        After = Version(stored.Version),
    };

    /// <summary>A participant is added or changed.</summary>
    public static AuditRow Of(
        ParticipantEntry entry, ParticipantEntry? before, string actor, DateTimeOffset at) => new()
        {
            At = at,
            Actor = actor,
            Verb = AuditVerbs.PutParticipant,
            Kind = AuditKind.Participant,
            Target = entry.Name,
            Before = before is null ? null : AuditJson.Of(writer => Write(writer, before)),
            After = AuditJson.Of(writer => Write(writer, entry)),
        };

    private static string Version(int version) => AuditJson.Of(writer => writer.WriteNumber("version", version));

    private static void Write(Utf8JsonWriter writer, ParticipantEntry entry)
    {
        writer.WriteString("url", entry.Url?.OriginalString);
        writer.WriteString("app", entry.App);
        writer.WriteString("via", entry.ViaPubSub ? "pubsub" : null);
        writer.WriteNumber("concurrency", entry.Concurrency);
        writer.WriteBoolean("paused", entry.Paused);
        if (entry.Retry is not { } retry) return;
        writer.WritePropertyName("retry");
        RetryOverrideJson.Write(writer, retry);
    }
}
