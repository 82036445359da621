using Orchestrator.Conformance.Wire;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checking;

/// <summary>A ledger row as the participant shows it to operators.</summary>
internal sealed class Row(Sent sent)
{
    /// <summary>The row's state; <c>none</c> without a row, null when no answer could be read.</summary>
    internal string? State => sent.Reply.Status switch
    {
        200 => Bodies.Member(sent.Reply.Json, "state") ?? sent.Reply.State,
        404 => "none",
        _ => null,
    };

    internal bool IsThere => sent.Reply.Status == 200;

    /// <summary>When the row says that it expires, where it says so.</summary>
    internal DateTimeOffset? ExpiresAt =>
        Instants.TryRead(Bodies.Member(sent.Reply.Json, "expiresAt"), out var at) ? at : null;

    /// <summary>All that must not change when nothing does.</summary>
    internal string Text => $"{State} {Bodies.Member(sent.Reply.Json, "attempts")} {Bodies.Member(sent.Reply.Json, "updatedAt")}";

    internal void IsIn(params string[] states) =>
        sent.AnswersEither($"the row is {string.Join(" or ", states)}", states.Contains("none") ? [200, 404] : [200])
            .Shows($"the row is {string.Join(" or ", states)}", states.Contains(State, StringComparer.Ordinal));
}
