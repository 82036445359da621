using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Participant.Http;

/// <summary>
/// <c>GET {prefix}/ledger?cursor=&amp;limit=</c>: every row, a page at a time, ordered by saga and step. For operators
/// and for <c>ledger reconcile</c>.
/// </summary>
internal sealed class ListEndpoint(
    SagaLedger ledger, Answers answers, TokenCheck token, ILogger<ListEndpoint> logger)
{
    internal async Task HandleAsync(HttpContext http)
    {
        if (!token.Admits(http.Request))
        {
            await answers.RefuseUnknownAsync(http);
            return;
        }

        var query = http.Request.Query;
        if (!TryReadLimit(query["limit"].ToString(), out var limit))
        {
            await answers.RefuseAsync(http, 400, SagaCodes.Malformed,
                $"The query parameter \"limit\" is a number from 1 to {ParticipantLimits.LongestPage}.", "limit");
            return;
        }

        if (!TryReadCursor(query["cursor"].ToString(), out var sagaId, out var step))
        {
            await answers.RefuseAsync(http, 400, SagaCodes.Malformed,
                "The query parameter \"cursor\" is not one that this address gave as \"next\".", "cursor");
            return;
        }

        IReadOnlyList<LedgerRow> rows;
        try
        {
            rows = await ledger.ListAsync(sagaId, step, limit, http.RequestAborted);
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            Log.DatabaseBusy(logger, "listing", sagaId, step, exception);
            await answers.RefuseBusyAsync(http);
            return;
        }

        await answers.WriteAsync(http, LedgerState.None, Write(rows, isLast: rows.Count < limit));
    }

    private static bool TryReadLimit(string text, out int limit)
    {
        limit = ParticipantLimits.Page;
        if (text.Length == 0) return true;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit)
            && limit is >= 1 and <= ParticipantLimits.LongestPage;
    }

    // Neither half of a key contains a slash.
    private static bool TryReadCursor(string text, out string sagaId, out string step)
    {
        (sagaId, step) = ("", "");
        if (text.Length == 0) return true;
        var halves = text.Split('/');
        if (halves.Length != 2 || !halves.All(LedgerKeys.IsPart)) return false;
        (sagaId, step) = (halves[0], halves[1]);
        return true;
    }

    private static ReadOnlyMemory<byte> Write(IReadOnlyList<LedgerRow> rows, bool isLast)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteStartArray("items");
        foreach (var row in rows) Write(json, row);
        json.WriteEndArray();
        if (isLast) json.WriteNull("next");
        else json.WriteString("next", $"{rows[^1].SagaId}/{rows[^1].Step}");
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, LedgerRow row)
    {
        json.WriteStartObject();
        json.WriteString("sagaId", row.SagaId);
        json.WriteString("step", row.Step);
        json.WriteString("action", row.Action);
        json.WriteString("kind", WireWords.Of(row.Kind));
        json.WriteString("state", WireWords.Of(row.State));
        RowEndpoint.WriteInstant(json, "expiresAt", row.ExpiresAt);
        RowEndpoint.WriteInstant(json, "endedAt", row.EndedAt);
        json.WriteString("endedAs", row.EndedAs);
        json.WriteNumber("attempts", row.Attempts);
        json.WriteBoolean("needsAttention", row.NeedsAttention);
        RowEndpoint.WriteInstant(json, "updatedAt", row.UpdatedAt);
        json.WriteEndObject();
    }
}
