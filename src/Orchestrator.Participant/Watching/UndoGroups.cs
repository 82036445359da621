using Orchestrator.Contract.Ledger;

namespace Orchestrator.Participant.Watching;

/// <summary>A row that is due, and what it becomes.</summary>
internal sealed record DueRow(LedgerRow Row, LedgerRow Expired)
{
    /// <summary>How late it is.</summary>
    internal TimeSpan Lag => Expired.UpdatedAt - (Row.DueAt ?? Expired.UpdatedAt);
}

/// <summary>Rows that are undone in one go.</summary>
/// <param name="Action">Their action, when its handler undoes many at once; null: each by itself.</param>
/// <param name="Rows">The rows, newest first.</param>
internal sealed record UndoGroup(string? Action, List<DueRow> Rows);

/// <summary>Cuts a slice into groups, so that the steps of one saga are still undone newest first.</summary>
internal static class UndoGroups
{
    internal static List<UndoGroup> Of(IEnumerable<DueRow> newestFirst, Func<string, bool> canUndoMany)
    {
        var groups = new List<UndoGroup>();
        var latest = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var due in newestFirst)
        {
            var action = canUndoMany(due.Row.Action) ? due.Row.Action : null;
            // Not before the group that undoes a newer step of the same saga.
            var at = groups.FindIndex(latest.GetValueOrDefault(due.Row.SagaId), group => group.Action == action);
            if (at < 0)
            {
                at = groups.Count;
                groups.Add(new UndoGroup(action, []));
            }

            groups[at].Rows.Add(due);
            latest[due.Row.SagaId] = at;
        }

        return groups;
    }
}
