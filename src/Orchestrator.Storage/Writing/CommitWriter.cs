using Orchestrator.Core.History;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Storage.Writing;

/// <summary>
/// Turns commits into rows, whoever writes them. The statements are asked for in the order in which they have to be
/// carried out. Not safe for several threads.
/// </summary>
internal sealed class CommitWriter
{
    private readonly long owner;
    private readonly IRows newSaga;
    private readonly IRows changedSaga;
    private readonly IRows rewrite;
    private readonly IRows turn;
    private readonly IRows start;
    private readonly IRows tag;
    private readonly IRows ending;
    private readonly PurgeWriter purges;
    private readonly CatalogWriter catalog;
    private readonly OutboxWriter outbox;
    private readonly BatchWriter batches;
    private readonly AuditWriter audit;
    private readonly AlertWriter alerts;

    public CommitWriter(Func<RowStatement, IRows> rows, long owner)
    {
        this.owner = owner;
        newSaga = rows(SagaStatements.Add);
        changedSaga = rows(SagaStatements.Change);
        rewrite = rows(SagaStatements.DeleteHistory);
        turn = rows(SagaStatements.AddTurn);
        start = rows(SagaStatements.AddStart);
        tag = rows(SagaStatements.AddTag);
        ending = rows(SagaStatements.AddEnding);
        purges = new PurgeWriter(rows, owner);
        catalog = new CatalogWriter(rows);
        outbox = new OutboxWriter(rows, owner);
        batches = new BatchWriter(rows, owner);
        audit = new AuditWriter(rows);
        alerts = new AlertWriter(rows);
    }

    /// <summary>Writes all of it.</summary>
    public void Write(StoreCommit commit)
    {
        foreach (var row in commit.NewSagas) WriteNew(row);
        foreach (var row in commit.ChangedSagas) WriteChanged(row);
        foreach (var no in commit.Rewrites)
        {
            rewrite[0] = no;
            rewrite.Write();
        }

        foreach (var row in commit.Turns) WriteTurn(row);
        foreach (var row in commit.Starts) WriteStart(row);
        foreach (var row in commit.Endings) WriteEnding(row);
        purges.Write(commit);
        catalog.Write(commit);
        outbox.Write(commit);
        batches.Write(commit.Batches);
        audit.Write(commit);
        alerts.Write(commit);
    }

    private void WriteTurn(in TurnRow row)
    {
        turn[0] = row.No;
        turn[1] = row.SagaNo;
        turn[2] = row.Seq;
        turn[3] = row.Count;
        turn[4] = RowBytes.Of(row.Body);
        turn.Write();
    }

    private void WriteNew(in SagaRow row)
    {
        var saga = row.Saga;
        newSaga[0] = row.No;
        newSaga[1] = saga.Id;
        newSaga[2] = saga.Definition;
        newSaga[3] = saga.DefinitionVersion;
        newSaga[4] = (int)saga.Phase;
        newSaga[5] = Flag(saga.Stuck);
        newSaga[6] = Flag(saga.InDoubt);
        newSaga[7] = saga.Reason?.Code;
        newSaga[8] = saga.Reason?.Text;
        newSaga[9] = saga.Reason?.Actor;
        newSaga[10] = saga.StartedAt.ToUnixTimeMilliseconds();
        newSaga[11] = saga.ExpiresAt.ToUnixTimeMilliseconds();
        newSaga[12] = saga.EndedAt?.ToUnixTimeMilliseconds();
        newSaga[13] = saga.BusinessKey;
        newSaga[14] = SagaRows.WriteTags(saga.Tags);
        newSaga[15] = Flag(saga.Suspended);
        newSaga[16] = owner;
        newSaga[17] = Flag(saga.Unverified);
        newSaga.Write();
        foreach (var (name, value) in saga.Tags)
        {
            tag[0] = name;
            tag[1] = value;
            tag[2] = row.No;
            tag.Write();
        }
    }

    private void WriteChanged(in SagaRow row)
    {
        var saga = row.Saga;
        changedSaga[0] = row.No;
        changedSaga[1] = (int)saga.Phase;
        changedSaga[2] = Flag(saga.Stuck);
        changedSaga[3] = Flag(saga.InDoubt);
        changedSaga[4] = saga.Reason?.Code;
        changedSaga[5] = saga.Reason?.Text;
        changedSaga[6] = saga.Reason?.Actor;
        changedSaga[7] = saga.EndedAt?.ToUnixTimeMilliseconds();
        changedSaga[8] = Flag(saga.Suspended);
        changedSaga[9] = saga.ExpiresAt.ToUnixTimeMilliseconds();
        changedSaga[10] = Flag(saga.Unverified);
        changedSaga.Write();
    }

    private void WriteStart(StoredStart row)
    {
        start[0] = row.Key.Definition;
        start[1] = row.Key.Key;
        start[2] = RowBytes.Of(row.Digest);
        start[3] = row.SagaId;
        start.Write();
    }

    private void WriteEnding(EndingRow row)
    {
        ending[0] = row.No;
        ending[1] = row.SagaId;
        ending[2] = (int)(row.Outcome == SagaOutcome.Completed ? SagaPhase.Completed : SagaPhase.Compensated);
        ending[3] = string.Join(SagaRows.Separator, row.Participants);
        ending[4] = owner;
        ending.Write();
    }

    private static int Flag(bool value) => value ? 1 : 0;
}
