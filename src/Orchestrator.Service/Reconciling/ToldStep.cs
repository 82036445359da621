using System.Text.Json;

namespace Orchestrator.Service.Reconciling;

/// <summary>
/// What a participant told the orchestrator of one ledger key: the history, read as far as the ledger is concerned.
/// </summary>
/// <param name="SagaId">The saga.</param>
/// <param name="Key">The step with its <c>~2</c>.</param>
/// <param name="Kind">compensatable, pivot or retriable.</param>
internal sealed record ToldStep(string SagaId, string Key, string Kind)
{
    private const string Compensatable = "compensatable";

    /// <summary>The state it answered last: none until it answered, and what a <c>done</c> in between means.</summary>
    public string State { get; private init; } = LedgerWords.None;

    /// <summary>The ledger it answered from; null when it did not say.</summary>
    public string? Ledger { get; private init; }

    /// <summary>Commands that went out and whose answer is not known.</summary>
    public IReadOnlySet<string> Open { get; private init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>It answered at least once.</summary>
    public bool HasAnswered { get; private init; }

    /// <summary>Reads one item of a history that names this key.</summary>
    public ToldStep With(JsonElement item) => item.GetProperty("type").GetString() switch
    {
        "call-sent" => this with { Open = With(Open, Text(item, "command")) },
        "call-answered" => Answered(item),
        _ => this,
    };

    private ToldStep Answered(JsonElement item)
    {
        var command = Text(item, "command");
        var status = item.TryGetProperty("status", out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetInt32()
            : 0;
        // What nobody knows: the command is still open.
        if (status is 0 or 202 or 408 or 425 or 429 or >= 500 || Text(item, "code") is "stale") return this;
        var state = Text(item, "ledgerState") ?? Derived(command, status, Text(item, "code"));
        if (state is null) return this;
        return this with
        {
            State = state,
            Ledger = Text(item, "ledger") ?? Ledger,
            HasAnswered = true,
            Open = new HashSet<string>(Open.Where(open => open != command), StringComparer.Ordinal),
        };
    }

    /// <summary>For participants that do not send <c>Saga-State</c>.</summary>
    private string? Derived(string? command, int status, string? code) => (command, status, code) switch
    {
        ("do", >= 200 and < 300, _) => Kind == Compensatable ? LedgerWords.Held : LedgerWords.Confirmed,
        ("do", 409, "refused") => Kind == "retriable" ? LedgerWords.None : LedgerWords.Refused,
        ("confirm", >= 200 and < 300, _) => LedgerWords.Confirmed,
        ("undo", >= 200 and < 300, _) => LedgerWords.Undone,
        ("undo", 409, "done") => LedgerWords.Confirmed,
        (_, 410, "undone") => LedgerWords.Undone,
        (_, 410, _) => LedgerWords.Barred,
        _ => null,
    };

    private static HashSet<string> With(IReadOnlySet<string> open, string? command) =>
        command is null ? [.. open] : [.. open, command];

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
