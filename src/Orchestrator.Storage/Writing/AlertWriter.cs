using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Writing;

/// <summary>Writes alerts that open or are cleared, what is told of them, and how far targets were told.</summary>
internal sealed class AlertWriter(Func<RowStatement, IRows> rows)
{
    private static readonly RowStatement Open = RowStatement.Insert(
        "alerts", Column.Key("saga_id"), Column.Int("reason"), Column.Long("raised_at"));

    private static readonly RowStatement Clear = RowStatement.Of(
        """
        DELETE FROM alerts WHERE EXISTS (
          SELECT 1 FROM {rows} r WHERE r.saga_id = alerts.saga_id AND r.reason = alerts.reason)
        """,
        Column.Key("saga_id"),
        Column.Int("reason"));

    // The database counts no; the place is the order in which it has to.
    private static readonly RowStatement Tell = RowStatement.Of(
        """
        INSERT INTO alert_news (id, reason, cleared, at, data)
        SELECT r.id, r.reason, r.cleared, r.at, r.data FROM {rows} r ORDER BY r.place
        """,
        Column.Key("id"), Column.Int("reason"), Column.Int("cleared"), Column.Long("at"), Column.Text("data"),
        Column.Int("place"));

    private static readonly RowStatement DeleteCursor = RowStatement.Delete("alert_cursors", Column.Key("target"));

    private static readonly RowStatement AddCursor = RowStatement.Insert(
        "alert_cursors",
        Column.Key("target"), Column.Long("no"), Column.Long("delivered_at"), Column.Long("failed_at"),
        Column.Text("error"));

    private static readonly RowStatement DeleteTold = RowStatement.Of(
        "DELETE FROM alert_news WHERE no <= (SELECT r.no FROM {rows} r)", Column.Long("no"));

    private readonly IRows clear = rows(Clear);
    private readonly IRows open = rows(Open);
    private readonly IRows tell = rows(Tell);
    private readonly IRows deleteCursor = rows(DeleteCursor);
    private readonly IRows addCursor = rows(AddCursor);
    private readonly IRows deleteTold = rows(DeleteTold);

    public void Write(StoreCommit commit)
    {
        for (var i = 0; i < commit.Alerts.Count; i++) Write(commit.Alerts[i], i);
        foreach (var row in Latest.Of(commit.AlertCursors, row => row.Target))
        {
            deleteCursor[0] = addCursor[0] = row.Target;
            addCursor[1] = row.No;
            addCursor[2] = row.DeliveredAt?.ToUnixTimeMilliseconds();
            addCursor[3] = row.FailedAt?.ToUnixTimeMilliseconds();
            addCursor[4] = row.Error;
            deleteCursor.Write();
            addCursor.Write();
        }

        if (commit.AlertsToldUpTo == 0) return;
        deleteTold[0] = commit.AlertsToldUpTo;
        deleteTold.Write();
    }

    private void Write(AlertRow row, int place)
    {
        var change = row.IsCleared ? clear : open;
        change[0] = row.SagaId;
        change[1] = (int)row.Reason;
        if (!row.IsCleared) change[2] = row.RaisedAt.ToUnixTimeMilliseconds();
        change.Write();
        tell[0] = row.News.Id;
        tell[1] = (int)row.Reason;
        tell[2] = row.IsCleared ? 1 : 0;
        tell[3] = row.News.At.ToUnixTimeMilliseconds();
        tell[4] = row.News.Data.ToString();
        tell[5] = place;
        tell.Write();
    }
}
