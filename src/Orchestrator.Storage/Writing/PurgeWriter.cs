using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Writing;

/// <summary>Deletes finished sagas and endings that everybody was told.</summary>
internal sealed class PurgeWriter(Func<RowStatement, IRows> rows, long owner)
{
    // A saga that has not ended, or still owes an undo, is left alone by each of these.
    private const string Finished = """
        (
          SELECT s.no FROM sagas s JOIN {rows} r ON s.id = r.id WHERE s.ended_at IS NOT NULL AND s.unverified = 0)
        """;

    private static readonly RowStatement DeleteCursor = RowStatement.Of(
        """
        DELETE FROM ending_cursors WHERE EXISTS (
          SELECT 1 FROM {rows} r WHERE r.owner = ending_cursors.owner AND r.participant = ending_cursors.participant)
        """,
        Column.Long("owner"),
        Column.Key("participant"));

    private static readonly RowStatement AddCursor = RowStatement.Insert(
        "ending_cursors", Column.Long("owner"), Column.Key("participant"), Column.Long("no"));

    private static readonly RowStatement DeleteEndings = RowStatement.Of(
        """
        DELETE FROM endings WHERE no <= (SELECT r.no FROM {rows} r) AND owner = (SELECT r.owner FROM {rows} r)
        """,
        Column.Long("no"),
        Column.Long("owner"));

    private static readonly RowStatement DeleteStarts = RowStatement.Of(
        """
        DELETE FROM starts WHERE saga_id IN (
          SELECT s.id FROM sagas s JOIN {rows} r ON s.id = r.id WHERE s.ended_at IS NOT NULL AND s.unverified = 0)
        """,
        Column.Key("id"));

    private static readonly RowStatement DeleteHistory = RowStatement.Of(
        $"DELETE FROM history WHERE saga IN {Finished}", Column.Key("id"));

    private static readonly RowStatement DeleteTags = RowStatement.Of(
        $"DELETE FROM tags WHERE saga IN {Finished}", Column.Key("id"));

    private static readonly RowStatement DeleteSaga = RowStatement.Of(
        $"DELETE FROM sagas WHERE no IN {Finished}", Column.Key("id"));

    private readonly IRows deleteCursor = rows(DeleteCursor);
    private readonly IRows addCursor = rows(AddCursor);
    private readonly IRows deleteEndings = rows(DeleteEndings);
    private readonly IRows[] purge = [rows(DeleteStarts), rows(DeleteHistory), rows(DeleteTags), rows(DeleteSaga)];

    public void Write(StoreCommit commit)
    {
        foreach (var row in Latest.Of(commit.Cursors, row => row.Participant))
        {
            deleteCursor[0] = addCursor[0] = owner;
            deleteCursor[1] = addCursor[1] = row.Participant;
            addCursor[2] = row.No;
            deleteCursor.Write();
            addCursor.Write();
        }

        if (commit.EndingsToldUpTo > 0)
        {
            deleteEndings[0] = commit.EndingsToldUpTo;
            deleteEndings[1] = owner;
            deleteEndings.Write();
        }

        foreach (var id in Latest.Of(commit.Purges, id => id))
        {
            foreach (var statement in purge)
            {
                statement[0] = id;
                statement.Write();
            }
        }
    }
}
