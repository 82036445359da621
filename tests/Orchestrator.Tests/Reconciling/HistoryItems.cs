using System.Text.Json;

namespace Orchestrator.Tests.Reconciling;

/// <summary>Items of a history as the API shows them.</summary>
internal static class HistoryItems
{
    public static JsonElement Sent(string command) => Parse($$"""{"type":"call-sent","step":"reserve","command":"{{command}}"}""");

    /// <summary>An answer of a participant that says the state of its row.</summary>
    public static JsonElement Answered(string command, string state) => Parse(
        $$"""{"type":"call-answered","step":"reserve","command":"{{command}}","status":200,"ledgerState":"{{state}}","ledger":"l1"}""");

    /// <summary>An answer of a participant that says no more than it must.</summary>
    public static JsonElement Answered(string command, int status, string? code) => Parse(
        $$"""{"type":"call-answered","step":"reserve","command":"{{command}}","status":{{status}},"code":{{(code is null ? "null" : $"\"{code}\"")}}}""");

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
