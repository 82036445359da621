using System.Data.Common;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>Deletes finished sagas and endings that everybody was told.</summary>
internal sealed class PurgeWriter(Func<string, int, PreparedStatement> prepare)
{
    private readonly PreparedStatement find = prepare(
        "SELECT no FROM sagas WHERE id = @p0 AND ended_at IS NOT NULL AND unverified = 0", 1);
    private readonly PreparedStatement starts = prepare("DELETE FROM starts WHERE saga_id = @p0", 1);
    private readonly PreparedStatement history = prepare("DELETE FROM history WHERE saga = @p0", 1);
    private readonly PreparedStatement tags = prepare("DELETE FROM tags WHERE saga = @p0", 1);
    private readonly PreparedStatement saga = prepare("DELETE FROM sagas WHERE no = @p0", 1);
    private readonly PreparedStatement endings = prepare("DELETE FROM endings WHERE no <= @p0", 1);
    private readonly PreparedStatement cursor = prepare(
        """
        INSERT INTO ending_cursors (participant, no) VALUES (@p0, @p1)
        ON CONFLICT (participant) DO UPDATE SET no = excluded.no
        """,
        2);

    public void Write(StoreCommit commit, DbTransaction transaction)
    {
        foreach (var row in commit.Cursors)
        {
            cursor[0] = row.Participant;
            cursor[1] = row.No;
            cursor.Execute(transaction);
        }

        if (commit.EndingsToldUpTo > 0)
        {
            endings[0] = commit.EndingsToldUpTo;
            endings.Execute(transaction);
        }

        foreach (var id in commit.Purges) Purge(id, transaction);
    }

    private void Purge(string id, DbTransaction transaction)
    {
        find[0] = id;
        if (find.Scalar(transaction) is not { } no) return;
        starts[0] = id;
        starts.Execute(transaction);
        history[0] = no;
        history.Execute(transaction);
        tags[0] = no;
        tags.Execute(transaction);
        saga[0] = no;
        saga.Execute(transaction);
    }
}
