using System.Text.Json;

namespace Orchestrator.Service.Reconciling;

/// <summary>The participant, read through the addresses that show its rows.</summary>
internal sealed class ParticipantView(JsonPages pages)
{
    /// <summary>Every row; null for a participant that shows only one at a time.</summary>
    public async Task<Dictionary<(string SagaId, string Key), RowSeen>?> AllAsync(CancellationToken cancel)
    {
        var items = await pages.ListAsync("ledger", cancel);
        return items?.Select(item => Read("ledger", item)).ToDictionary(row => (row.SagaId, row.Key));
    }

    /// <summary>One row; null where there is none.</summary>
    public async Task<RowSeen?> FindAsync(string sagaId, string key, CancellationToken cancel)
    {
        var path = $"{Uri.EscapeDataString(key)}/{Uri.EscapeDataString(sagaId)}";
        using var row = await pages.FindAsync(path, cancel);
        return row is null ? null : Read(path, row.RootElement);
    }

    private RowSeen Read(string path, JsonElement row)
    {
        try
        {
            return Read(row);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw pages.Unreadable(path, e);
        }
    }

    private static RowSeen Read(JsonElement row) => new(
        row.GetProperty("sagaId").GetString()!,
        row.GetProperty("step").GetString()!,
        row.GetProperty("state").GetString()!,
        row.TryGetProperty("expiresAt", out var expiresAt) && expiresAt.ValueKind == JsonValueKind.String
            ? expiresAt.GetDateTimeOffset()
            : null,
        row.TryGetProperty("endedAt", out var endedAt) ? endedAt.ValueKind != JsonValueKind.Null : null);
}
