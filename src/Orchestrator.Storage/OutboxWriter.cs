using System.Data.Common;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>Writes events for the broker, and deletes those it has.</summary>
internal sealed class OutboxWriter(Func<string, int, PreparedStatement> prepare)
{
    private readonly PreparedStatement replace = prepare("DELETE FROM outbox WHERE id = @p0", 1);
    private readonly PreparedStatement add = prepare(
        """
        INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, traceparent, occurred_at)
        VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6)
        """,
        7);
    private readonly PreparedStatement sent = prepare("DELETE FROM outbox WHERE seq = @p0", 1);

    public void Write(StoreCommit commit, DbTransaction transaction)
    {
        foreach (var seq in commit.OutboxSent)
        {
            sent[0] = seq;
            sent.Execute(transaction);
        }

        foreach (var row in commit.Outbox)
        {
            replace[0] = row.Id;
            replace.Execute(transaction);
            add[0] = row.Id;
            add[1] = row.Topic;
            add[2] = row.SagaId;
            add[3] = row.Type;
            add[4] = row.Event.ToString();
            add[5] = row.TraceParent;
            add[6] = row.OccurredAt.ToUnixTimeMilliseconds();
            add.Execute(transaction);
        }
    }
}
