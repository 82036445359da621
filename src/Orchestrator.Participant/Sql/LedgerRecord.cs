using System.Diagnostics;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;

namespace Orchestrator.Participant.Sql;

/// <summary>A ledger row as the table holds it: instants as milliseconds since 1970, words, JSON as text.</summary>
internal sealed class LedgerRecord
{
    public string SagaId { get; init; } = "";

    public string Step { get; init; } = "";

    public string Action { get; init; } = "";

    public string Kind { get; init; } = "";

    public string State { get; init; } = "";

    public long? ExpiresAt { get; init; }

    public long? DueAt { get; init; }

    public string? Data { get; init; }

    public string? Digest { get; init; }

    public string? Answer { get; init; }

    public string? AnswerCode { get; init; }

    public string? AnswerText { get; init; }

    public int Attempts { get; init; }

    public long? NextTryAt { get; init; }

    public int NeedsAttention { get; init; }

    public string? ExtendedBy { get; init; }

    public string? TraceParent { get; init; }

    public long? EndedAt { get; init; }

    public string? EndedAs { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public long? SettledAt { get; init; }

    /// <summary>The state the row must still have when it is updated.</summary>
    public string? OldState { get; init; }

    internal static LedgerRecord From(LedgerRow row, LedgerState? oldState = null) => new()
    {
        SagaId = row.SagaId,
        Step = row.Step,
        Action = row.Action,
        Kind = WireWords.Of(row.Kind),
        State = WireWords.Of(row.State),
        ExpiresAt = row.ExpiresAt?.ToUnixTimeMilliseconds(),
        DueAt = row.DueAt?.ToUnixTimeMilliseconds(),
        Data = row.Data?.ToString(),
        Digest = row.Digest,
        Answer = row.Output?.ToString(),
        AnswerCode = row.Code,
        AnswerText = row.Text,
        Attempts = row.Attempts,
        NextTryAt = row.NextTryAt?.ToUnixTimeMilliseconds(),
        NeedsAttention = row.NeedsAttention ? 1 : 0,
        ExtendedBy = row.ExtendedBy,
        TraceParent = row.TraceParent,
        EndedAt = row.EndedAt?.ToUnixTimeMilliseconds(),
        EndedAs = row.EndedAs,
        CreatedAt = row.CreatedAt.ToUnixTimeMilliseconds(),
        UpdatedAt = row.UpdatedAt.ToUnixTimeMilliseconds(),
        SettledAt = row.SettledAt?.ToUnixTimeMilliseconds(),
        OldState = oldState is { } old ? WireWords.Of(old) : null,
    };

    internal LedgerRow ToRow()
    {
        if (!WireWords.TryRead(State, out LedgerState state) || !WireWords.TryRead(Kind, out WireKind kind))
            throw new UnreachableException(
                $"Ledger row {SagaId}/{Step} has an unknown state or kind: {State}, {Kind}.");
        return new LedgerRow
        {
            SagaId = SagaId,
            Step = Step,
            Action = Action,
            Kind = kind,
            State = state,
            ExpiresAt = Instant(ExpiresAt),
            Data = Json(Data),
            Digest = Digest,
            Output = Json(Answer),
            Code = AnswerCode,
            Text = AnswerText,
            Attempts = Attempts,
            NextTryAt = Instant(NextTryAt),
            NeedsAttention = NeedsAttention != 0,
            ExtendedBy = ExtendedBy,
            TraceParent = TraceParent,
            EndedAt = Instant(EndedAt),
            EndedAs = EndedAs,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
            UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
        };
    }

    private static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;

    private static JsonData? Json(string? text) => text is null ? null : JsonData.FromText(text);
}
