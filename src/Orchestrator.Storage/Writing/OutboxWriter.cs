using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Writing;

/// <summary>Writes events for the broker, and deletes those it has.</summary>
internal sealed class OutboxWriter(Func<RowStatement, IRows> rows, long owner)
{
    private static readonly RowStatement DeleteSent = RowStatement.Delete("outbox", Column.Long("seq"));

    private static readonly RowStatement Replace = RowStatement.Delete("outbox", Column.Key("id"));

    // The database counts seq; the place is the order in which it has to.
    private static readonly RowStatement Add = RowStatement.Of(
        """
        INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, traceparent, occurred_at, owner)
        SELECT r.id, r.aggregatetype, r.aggregateid, r.type, r.payload, r.traceparent, r.occurred_at, r.owner
        FROM {rows} r ORDER BY r.place
        """,
        Column.Key("id"), Column.Key("aggregatetype"), Column.Key("aggregateid"), Column.Text("type"),
        Column.Text("payload"), Column.Text("traceparent"), Column.Long("occurred_at"), Column.Long("owner"),
        Column.Int("place"));

    private readonly IRows sent = rows(DeleteSent);
    private readonly IRows replace = rows(Replace);
    private readonly IRows add = rows(Add);

    public void Write(StoreCommit commit)
    {
        foreach (var seq in Latest.Of(commit.OutboxSent, seq => seq))
        {
            sent[0] = seq;
            sent.Write();
        }

        var place = 0;
        foreach (var row in Latest.Of(commit.Outbox, row => row.Id))
        {
            replace[0] = add[0] = row.Id;
            add[1] = row.Topic;
            add[2] = row.SagaId;
            add[3] = row.Type;
            add[4] = row.Event.ToString();
            add[5] = row.TraceParent;
            add[6] = row.OccurredAt.ToUnixTimeMilliseconds();
            add[7] = owner;
            add[8] = place++;
            replace.Write();
            add.Write();
        }
    }
}
