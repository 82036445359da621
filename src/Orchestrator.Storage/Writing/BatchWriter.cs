using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Writing;

/// <summary>Writes batches and what became of their sagas.</summary>
internal sealed class BatchWriter(Func<RowStatement, IRows> rows, long owner)
{
    private static readonly RowStatement Add = RowStatement.Insert(
        "batches",
        Column.Key("id"), Column.Key("verb"), Column.Text("args"), Column.Text("wanted"), Column.Key("actor"),
        Column.Text("reason"), Column.Int("state"), Column.Long("created_at"), Column.Long("owner"));

    private static readonly RowStatement AddItem = RowStatement.Insert(
        "batch_items", Column.Key("batch"), Column.Key("saga_id"));

    // The first answer counts, but for one thing: what is recorded (fate 0) has happened, whatever was believed before.
    private static readonly RowStatement Answer = RowStatement.Of(
        """
        UPDATE batch_items SET fate = r.fate, code = r.code, said = r.said, done_at = r.done_at
        FROM {rows} r
        WHERE batch_items.batch = r.batch AND batch_items.saga_id = r.saga_id
          AND (batch_items.fate IS NULL OR (r.fate = 0 AND batch_items.fate <> 0))
        """,
        Column.Key("batch"), Column.Key("saga_id"), Column.Int("fate"), Column.Text("code"), Column.Text("said"),
        Column.Long("done_at"));

    private static readonly RowStatement End = RowStatement.Of(
        """
        UPDATE batches SET state = r.state, ended_at = r.ended_at
        FROM {rows} r WHERE batches.id = r.id AND batches.ended_at IS NULL
        """,
        Column.Key("id"), Column.Int("state"), Column.Long("ended_at"));

    private static readonly RowStatement DeleteItems = RowStatement.Delete("batch_items", Column.Key("batch"));

    private static readonly RowStatement DeleteKey = RowStatement.Delete("starts", Column.Key("saga_id"));

    private static readonly RowStatement Delete = RowStatement.Delete("batches", Column.Key("id"));

    private readonly IRows add = rows(Add);
    private readonly IRows item = rows(AddItem);
    private readonly IRows answer = rows(Answer);
    private readonly IRows end = rows(End);
    private readonly IRows deleteItems = rows(DeleteItems);
    private readonly IRows deleteKey = rows(DeleteKey);
    private readonly IRows delete = rows(Delete);

    public void Write(BatchCommit commit)
    {
        foreach (var (batch, sagas) in commit.New) Write(batch, sagas);
        foreach (var row in OnePerSaga(commit.Answers))
        {
            answer[0] = row.Batch;
            answer[1] = row.SagaId;
            answer[2] = (int)row.Fate;
            answer[3] = row.Code;
            answer[4] = row.Text;
            answer[5] = row.At.ToUnixTimeMilliseconds();
            answer.Write();
        }

        foreach (var (batch, state, at) in Latest.Of(commit.Ends, row => row.Batch))
        {
            end[0] = batch;
            end[1] = (int)state;
            end[2] = at.ToUnixTimeMilliseconds();
            end.Write();
        }

        foreach (var id in Latest.Of(commit.Purges, id => id))
        {
            deleteItems[0] = deleteKey[0] = delete[0] = id;
            deleteItems.Write();
            deleteKey.Write();
            delete.Write();
        }
    }

    /// <summary>Of several answers for one saga what is recorded, or else the first.</summary>
    private static IEnumerable<BatchAnswer> OnePerSaga(List<BatchAnswer> answers) => answers.Count <= 1
        ? answers
        : answers.OrderBy(row => row.Fate != BatchFate.Accepted).DistinctBy(row => (row.Batch, row.SagaId));

    private void Write(BatchRow batch, IReadOnlyList<string> sagas)
    {
        add[0] = batch.Id;
        add[1] = batch.Verb;
        add[2] = batch.Args;
        add[3] = batch.Filter;
        add[4] = batch.Actor;
        add[5] = batch.Reason;
        add[6] = (int)BatchState.Running;
        add[7] = batch.CreatedAt.ToUnixTimeMilliseconds();
        add[8] = owner;
        add.Write();
        item[0] = batch.Id;
        foreach (var saga in sagas)
        {
            item[1] = saga;
            item.Write();
        }
    }
}
