using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Alerting;

/// <summary>What targets are told: CloudEvents in the structured mode. No payload is in any of them.</summary>
internal static class AlertMessages
{
    private const string Raised = "saga.alert.raised";
    private const string Cleared = "saga.alert.cleared";
    private const string Many = "saga.alerts";
    private const string Test = "saga.alert.test";

    /// <summary>The word of a reason.</summary>
    public static string WordOf(AlertReason reason) => reason switch
    {
        AlertReason.Stuck => "stuck",
        AlertReason.Overdue => "overdue",
        AlertReason.InDoubt => "in-doubt",
        _ => throw new System.Diagnostics.UnreachableException($"Unknown reason {reason}."),
    };

    /// <summary>An alert opens.</summary>
    /// <param name="saga">The saga as it was found.</param>
    /// <param name="reason">For what.</param>
    /// <param name="now">When.</param>
    /// <param name="definition">Its definition; when it marks anything secret, no words are told.</param>
    public static AlertRow Open(
        SagaSummary saga, AlertReason reason, DateTimeOffset now, SagaDefinition? definition)
    {
        var at = Instants.ToMilliseconds(now);
        var data = DataOf(saga.Id, saga, reason, at, null, definition is { Secret.IsEmpty: true });
        return new AlertRow(saga.Id, reason, false, at, NewsOf(saga.Id, reason, at, at, false, data));
    }

    /// <summary>An alert is over.</summary>
    public static AlertRow Close(AlertOver over, DateTimeOffset now)
    {
        var at = Instants.ToMilliseconds(now);
        var data = DataOf(over.SagaId, over.Saga, over.Reason, over.RaisedAt, at, false);
        return new AlertRow(
            over.SagaId, over.Reason, true, over.RaisedAt,
            NewsOf(over.SagaId, over.Reason, over.RaisedAt, at, true, data));
    }

    /// <summary>The event of one piece of news.</summary>
    public static JsonData One(AlertNews news)
    {
        using var writer = new StructuredEventWriter(news.IsCleared ? Cleared : Raised, news.Id, "/sagas", news.At);
        return writer.End(news.Data);
    }

    /// <summary>One event for many pieces of news, whose first ones it names.</summary>
    public static (string Id, JsonData Event) Bundle(IReadOnlyList<AlertNews> news, DateTimeOffset now)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"alerts/{news[0].No}-{news[^1].No}");
        var data = Json(json =>
        {
            json.WriteNumber("raised", news.Count(one => !one.IsCleared));
            json.WriteNumber("cleared", news.Count(one => one.IsCleared));
            json.WriteStartObject("raisedFor");
            foreach (var reason in news.Where(one => !one.IsCleared).CountBy(one => one.Reason))
                json.WriteNumber(WordOf(reason.Key), reason.Value);
            json.WriteEndObject();
            json.WriteStartArray("alerts");
            foreach (var one in news.Take(EngineLimits.MaxAlertsNamed))
                json.WriteRawValue(one.Data.Utf8.Span, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteNumber("notNamed", Math.Max(0, news.Count - EngineLimits.MaxAlertsNamed));
        });
        using var writer = new StructuredEventWriter(Many, id, "/sagas", now);
        return (id, writer.End(data));
    }

    /// <summary>A test.</summary>
    public static (string Id, JsonData Event) Trial(string actor, DateTimeOffset now)
    {
        var id = $"test/{Guid.CreateVersion7(now):N}";
        using var writer = new StructuredEventWriter(Test, id, "/sagas", now);
        return (id, writer.End(Json(json =>
        {
            json.WriteString("actor", actor);
            json.WriteString("text", "This is a test. No saga is concerned.");
        })));
    }

    private static AlertNews NewsOf(
        string sagaId, AlertReason reason, DateTimeOffset raisedAt, DateTimeOffset at, bool isCleared, JsonData data)
    {
        var word = isCleared ? "cleared" : "raised";
        var id = string.Create(
            CultureInfo.InvariantCulture,
            $"{sagaId}/{WordOf(reason)}/{raisedAt.ToUnixTimeMilliseconds()}/{word}");
        return new AlertNews(0, id, reason, isCleared, at, data);
    }

    private static JsonData DataOf(
        string sagaId, SagaSummary? saga, AlertReason reason, DateTimeOffset raisedAt, DateTimeOffset? clearedAt,
        bool withWords) => Json(json =>
        {
            json.WriteString("saga", sagaId);
            json.WriteString("page", $"/#/sagas/{sagaId}");
            json.WriteString("reason", WordOf(reason));
            json.WriteString("raisedAt", Instants.Write(raisedAt));
            json.WriteString("clearedAt", clearedAt is { } at ? Instants.Write(at) : null);
            json.WriteString("text", Sentence(sagaId, saga, reason, clearedAt is not null));
            if (saga is null) return;
            json.WriteString("definition", saga.Definition);
            json.WriteNumber("definitionVersion", saga.DefinitionVersion);
            json.WriteString("phase", WordOf(saga.Phase));
            json.WriteString("businessKey", saga.BusinessKey);
            json.WriteString("startedAt", Instants.Write(saga.StartedAt));
            json.WriteString("expiresAt", Instants.Write(saga.ExpiresAt));
            json.WriteString("code", saga.Reason?.Code);
            json.WriteString("actor", saga.Reason?.Actor);
            json.WriteString("words", withWords ? saga.Reason?.Text : null);
        });

    private static string Sentence(string sagaId, SagaSummary? saga, AlertReason reason, bool isCleared)
    {
        if (isCleared) return $"Saga {sagaId} is {WordOf(reason).Replace('-', ' ')} no more.";
        return reason switch
        {
            AlertReason.Stuck => $"Saga {sagaId} of {saga!.Definition} is stuck: a person has to look.",
            AlertReason.Overdue => $"Saga {sagaId} of {saga!.Definition} should have ended by "
                + $"{Instants.Write(saga.ExpiresAt)} and has not.",
            AlertReason.InDoubt => $"Saga {sagaId} of {saga!.Definition} is in doubt: a confirmed participant has not "
                + "undone its work.",
            _ => throw new System.Diagnostics.UnreachableException($"Unknown reason {reason}."),
        };
    }

    private static string WordOf(SagaPhase phase) => phase.ToString().ToLowerInvariant();

    private static JsonData Json(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return new JsonData(bytes.WrittenMemory);
    }
}
