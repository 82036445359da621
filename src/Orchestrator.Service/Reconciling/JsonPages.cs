using System.Net;
using System.Text.Json;

namespace Orchestrator.Service.Reconciling;

/// <summary>Reads JSON over HTTP; whatever goes wrong becomes a sentence.</summary>
internal sealed class JsonPages(HttpClient http, string whose, string tokenOption)
{
    /// <summary>A document; null for 404.</summary>
    public async Task<JsonDocument?> FindAsync(string path, CancellationToken cancel)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancel);
            if (answer.StatusCode == HttpStatusCode.NotFound) return null;
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                throw new ReconcileException(
                    $"{whose} wants another token. Name its environment variable with {tokenOption}.");
            if (!answer.IsSuccessStatusCode)
                throw new ReconcileException($"{whose} answered {(int)answer.StatusCode} to GET {path}.");
            await using var body = await answer.Content.ReadAsStreamAsync(cancel);
            return await JsonDocument.ParseAsync(body, cancellationToken: cancel);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new ReconcileException($"{whose} could not be asked: GET {http.BaseAddress}{path}: {e.Message}", e);
        }
    }

    /// <summary>What is said of a document that lacks what it must have.</summary>
    public ReconcileException Unreadable(string path, Exception e) =>
        new($"{whose} answered GET {path} with something else than was asked for: {e.Message}", e);

    /// <summary>All items of a list that gives <c>{items, next}</c>; null when there is no such address.</summary>
    public async Task<List<JsonElement>?> ListAsync(string path, CancellationToken cancel)
    {
        var items = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var mark = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            var page = $"{path}{mark}limit={ReconcileLimits.Page}"
                + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");
            using var document = await FindAsync(page, cancel);
            if (document is null) return cursor is null ? null : items;
            try
            {
                items.AddRange(document.RootElement.GetProperty("items").EnumerateArray().Select(item => item.Clone()));
                cursor = document.RootElement.GetProperty("next").GetString();
            }
            catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException)
            {
                throw Unreadable(page, e);
            }
        }
        while (cursor is not null);
        return items;
    }
}
