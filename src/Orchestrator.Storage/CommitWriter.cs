using System.Data.Common;
using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage;

/// <summary>Writes commits with statements prepared once per connection. Not safe for several threads.</summary>
internal sealed class CommitWriter : IDisposable
{
    private readonly DbConnection connection;
    private readonly List<PreparedStatement> all = [];
    private readonly PreparedStatement head;
    private readonly PreparedStatement turn;
    private readonly PreparedStatement rewrite;
    private readonly PreparedStatement newSaga;
    private readonly PreparedStatement changedSaga;
    private readonly PreparedStatement start;
    private readonly PreparedStatement tag;
    private readonly PreparedStatement ending;
    private readonly PurgeWriter purges;
    private readonly CatalogWriter catalog;
    private readonly OutboxWriter outbox;

    public CommitWriter(DbConnection connection)
    {
        this.connection = connection;
        head = Prepare("UPDATE head SET no = @p0 WHERE id = 1 AND no < @p0", 1);
        turn = Prepare("INSERT INTO history (no, saga, seq, count, body) VALUES (@p0, @p1, @p2, @p3, @p4)", 5);
        rewrite = Prepare("DELETE FROM history WHERE saga = @p0", 1);
        newSaga = Prepare(
            """
            INSERT INTO sagas (no, id, definition, definition_version, phase, stuck, in_doubt, reason_code, reason_text,
              reason_actor, started_at, expires_at, ended_at, business_key, tags, suspended, unverified)
            VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, @p15, @p16)
            """,
            17);
        changedSaga = Prepare(
            """
            UPDATE sagas SET phase = @p1, stuck = @p2, in_doubt = @p3, reason_code = @p4, reason_text = @p5,
              reason_actor = @p6, ended_at = @p7, suspended = @p8, expires_at = @p9, unverified = @p10
            WHERE no = @p0
            """,
            11);
        start = Prepare("INSERT INTO starts (definition, key, digest, saga_id) VALUES (@p0, @p1, @p2, @p3)", 4);
        tag = Prepare("INSERT INTO tags (name, value, saga) VALUES (@p0, @p1, @p2)", 3);
        ending = Prepare("INSERT INTO endings (no, saga_id, phase, participants) VALUES (@p0, @p1, @p2, @p3)", 4);
        purges = new PurgeWriter(Prepare);
        catalog = new CatalogWriter(Prepare);
        outbox = new OutboxWriter(Prepare);
    }

    /// <summary>Writes all of it in the transaction.</summary>
    public void Write(StoreCommit commit, DbTransaction transaction)
    {
        head[0] = commit.Number;
        if (head.Execute(transaction) != 1)
            throw new StoreUnavailableException(
                $"Commit {commit.Number} is not above the last one: another engine wrote to this store.");
        foreach (var row in commit.NewSagas) WriteNew(row, transaction);
        foreach (var row in commit.ChangedSagas) WriteChanged(row, transaction);
        foreach (var no in commit.Rewrites) DeleteHistory(no, transaction);
        foreach (var row in commit.Turns) WriteTurn(row, transaction);
        foreach (var row in commit.Starts) WriteStart(row, transaction);
        foreach (var row in commit.Endings) WriteEnding(row, transaction);
        purges.Write(commit, transaction);
        catalog.Write(commit, transaction);
        outbox.Write(commit, transaction);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var statement in all) statement.Dispose();
    }

    private PreparedStatement Prepare(string sql, int parameters)
    {
        var statement = new PreparedStatement(connection, sql, parameters);
        all.Add(statement);
        return statement;
    }

    private void DeleteHistory(long no, DbTransaction transaction)
    {
        rewrite[0] = no;
        rewrite.Execute(transaction);
    }

    private void WriteTurn(in TurnRow row, DbTransaction transaction)
    {
        turn[0] = row.No;
        turn[1] = row.SagaNo;
        turn[2] = row.Seq;
        turn[3] = row.Count;
        turn[4] = PreparedStatement.Bytes(row.Body);
        turn.Execute(transaction);
    }

    private void WriteNew(in SagaRow row, DbTransaction transaction)
    {
        var saga = row.Saga;
        newSaga[0] = row.No;
        newSaga[1] = saga.Id;
        newSaga[2] = saga.Definition;
        newSaga[3] = saga.DefinitionVersion;
        newSaga[4] = (int)saga.Phase;
        newSaga[5] = saga.Stuck;
        newSaga[6] = saga.InDoubt;
        newSaga[7] = saga.Reason?.Code;
        newSaga[8] = saga.Reason?.Text;
        newSaga[9] = saga.Reason?.Actor;
        newSaga[10] = saga.StartedAt.ToUnixTimeMilliseconds();
        newSaga[11] = saga.ExpiresAt.ToUnixTimeMilliseconds();
        newSaga[12] = saga.EndedAt?.ToUnixTimeMilliseconds();
        newSaga[13] = saga.BusinessKey;
        newSaga[14] = SagaRows.WriteTags(saga.Tags);
        newSaga[15] = saga.Suspended;
        newSaga[16] = saga.Unverified;
        newSaga.Execute(transaction);
        foreach (var (name, value) in saga.Tags)
        {
            tag[0] = name;
            tag[1] = value;
            tag[2] = row.No;
            tag.Execute(transaction);
        }
    }

    private void WriteChanged(in SagaRow row, DbTransaction transaction)
    {
        var saga = row.Saga;
        changedSaga[0] = row.No;
        changedSaga[1] = (int)saga.Phase;
        changedSaga[2] = saga.Stuck;
        changedSaga[3] = saga.InDoubt;
        changedSaga[4] = saga.Reason?.Code;
        changedSaga[5] = saga.Reason?.Text;
        changedSaga[6] = saga.Reason?.Actor;
        changedSaga[7] = saga.EndedAt?.ToUnixTimeMilliseconds();
        changedSaga[8] = saga.Suspended;
        changedSaga[9] = saga.ExpiresAt.ToUnixTimeMilliseconds();
        changedSaga[10] = saga.Unverified;
        changedSaga.Execute(transaction);
    }

    private void WriteStart(StoredStart row, DbTransaction transaction)
    {
        start[0] = row.Key.Definition;
        start[1] = row.Key.Key;
        start[2] = PreparedStatement.Bytes(row.Digest);
        start[3] = row.SagaId;
        start.Execute(transaction);
    }

    private void WriteEnding(EndingRow row, DbTransaction transaction)
    {
        ending[0] = row.No;
        ending[1] = row.SagaId;
        ending[2] = (int)(row.Outcome == SagaOutcome.Completed ? SagaPhase.Completed : SagaPhase.Compensated);
        ending[3] = string.Join(SagaRows.Separator, row.Participants);
        ending.Execute(transaction);
    }
}
