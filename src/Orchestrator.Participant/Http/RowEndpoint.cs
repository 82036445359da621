using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Participant.Http;

/// <summary><c>GET {prefix}/{step}/{sagaId}</c>: the row, for operators.</summary>
internal sealed class RowEndpoint(
    SagaLedger ledger, Answers answers, TokenCheck token, ILogger<RowEndpoint> logger)
{
    internal async Task HandleAsync(HttpContext http, string step, string sagaId)
    {
        if (!token.Admits(http.Request))
        {
            await answers.RefuseUnknownAsync(http);
            return;
        }

        LedgerRow? row;
        try
        {
            row = await ledger.FindAsync(sagaId, step, http.RequestAborted);
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            Log.DatabaseBusy(logger, "reading", sagaId, step, exception);
            await answers.RefuseBusyAsync(http);
            return;
        }

        if (row is null)
            await answers.RefuseAsync(http, 404, SagaCodes.NotFound,
                $"This ledger knows nothing of step {step} of saga {sagaId}. It may have been purged.");
        else
            await answers.WriteAsync(http, row.State, Write(row));
    }

    private static ReadOnlyMemory<byte> Write(LedgerRow row)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("sagaId", row.SagaId);
        json.WriteString("step", row.Step);
        json.WriteString("state", WireWords.Of(row.State));
        WriteInstant(json, "expiresAt", row.ExpiresAt);
        WriteInstant(json, "endedAt", row.EndedAt);
        json.WriteString("endedAs", row.EndedAs);
        json.WriteNumber("attempts", row.Attempts);
        json.WritePropertyName("output");
        json.WriteRawValue((row.Output ?? JsonData.Null).Utf8.Span, skipInputValidation: true);
        json.WriteBoolean("needsAttention", row.NeedsAttention);
        json.WriteString("updatedAt", Instants.Write(row.UpdatedAt));
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    /// <summary>Null when there is none.</summary>
    internal static void WriteInstant(Utf8JsonWriter json, string name, DateTimeOffset? instant)
    {
        if (instant is { } known) json.WriteString(name, Instants.Write(known));
        else json.WriteNull(name);
    }
}
