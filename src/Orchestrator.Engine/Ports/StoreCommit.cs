using Orchestrator.Core.History;

namespace Orchestrator.Engine.Ports;

/// <summary>
/// One transaction. Reused by the writer from commit to commit (<see cref="Clear" />), so a store must not keep it or
/// its lists. Not safe for several threads.
/// </summary>
public sealed class StoreCommit
{
    /// <summary>The number of this commit: above every number its engine has used before in this store.</summary>
    public long Number { get; set; }

    /// <summary>
    /// The last number the engine had used before this commit; every number above it is new. Where several engines
    /// share a store, the store moves the new ones above those of the others (<see cref="MoveTo" />).
    /// </summary>
    public long Base { get; set; }

    /// <summary>
    /// How far the new numbers were moved when the commit was written; 0 where one engine has it all.
    /// </summary>
    public long Shift { get; private set; }

    /// <summary>Turns, their numbers rising and not above <see cref="Number" />.</summary>
    public List<TurnRow> Turns { get; } = [];

    /// <summary>Sagas, by number, whose stored history is deleted before <see cref="Turns" /> are written.</summary>
    public List<long> Rewrites { get; } = [];

    /// <summary>Sagas that start in this commit.</summary>
    public List<SagaRow> NewSagas { get; } = [];

    /// <summary>Sagas whose summary changed.</summary>
    public List<SagaRow> ChangedSagas { get; } = [];

    /// <summary>Idempotency keys used by the starts.</summary>
    public List<StoredStart> Starts { get; } = [];

    /// <summary>Sagas that end in this commit and participants to tell.</summary>
    public List<EndingRow> Endings { get; } = [];

    /// <summary>How far participants have been told.</summary>
    public List<EndingCursor> Cursors { get; } = [];

    /// <summary>Endings up to this number were told to everybody and are deleted; 0 for none.</summary>
    public long EndingsToldUpTo { get; set; }

    /// <summary>
    /// Finished sagas to delete with all that belongs to them but their endings; unknown ones are passed over.
    /// </summary>
    public List<string> Purges { get; } = [];

    /// <summary>New definition versions.</summary>
    public List<DefinitionRow> Definitions { get; } = [];

    /// <summary>Participants to add or replace.</summary>
    public List<ParticipantEntry> Participants { get; } = [];

    /// <summary>
    /// Events for the broker. A row of the same id that still waits is replaced, and goes to the end of the order.
    /// </summary>
    public List<OutboxRow> Outbox { get; } = [];

    /// <summary>Events the broker has; they are deleted, unknown ones passed over.</summary>
    public List<long> OutboxSent { get; } = [];

    /// <summary>Entries for the audit list; the store counts them.</summary>
    public List<AuditRow> Audits { get; } = [];

    /// <summary>Entries of the audit list up to this one are deleted; 0 for none.</summary>
    public long AuditsOutUpTo { get; set; }

    /// <summary>What is written of batches.</summary>
    public BatchCommit Batches { get; } = new();

    /// <summary>Alerts that open or are cleared; one that is open already fails the commit.</summary>
    public List<AlertRow> Alerts { get; } = [];

    /// <summary>How far targets of alerts have been told.</summary>
    public List<AlertCursor> AlertCursors { get; } = [];

    /// <summary>News of alerts up to this number were told to everybody and are deleted; 0 for none.</summary>
    public long AlertsToldUpTo { get; set; }

    /// <summary>Rows this commit writes or deletes, apart from those a purge takes along.</summary>
    public int Rows =>
        Turns.Count + Rewrites.Count + NewSagas.Count + ChangedSagas.Count + Starts.Count + Endings.Count
        + Cursors.Count + Purges.Count + Definitions.Count + Participants.Count + Outbox.Count + OutboxSent.Count
        + Audits.Count + (AuditsOutUpTo > 0 ? 1 : 0) + Batches.Rows
        + Alerts.Count + AlertCursors.Count + (AlertsToldUpTo > 0 ? 1 : 0);

    /// <summary>The store gave the commit this number, and moved all new ones by as much.</summary>
    public void MoveTo(long number)
    {
        Shift += number - Number;
        Number = number;
    }

    /// <summary>Empties it for the next use.</summary>
    public void Clear()
    {
        Number = 0;
        Base = 0;
        Shift = 0;
        EndingsToldUpTo = 0;
        Turns.Clear();
        Rewrites.Clear();
        NewSagas.Clear();
        ChangedSagas.Clear();
        Starts.Clear();
        Endings.Clear();
        Cursors.Clear();
        Purges.Clear();
        Definitions.Clear();
        Participants.Clear();
        Outbox.Clear();
        OutboxSent.Clear();
        Audits.Clear();
        AuditsOutUpTo = 0;
        Batches.Clear();
        Alerts.Clear();
        AlertCursors.Clear();
        AlertsToldUpTo = 0;
    }
}

/// <summary>The events of one turn of one saga: the conditional write at the expected version.</summary>
/// <param name="No">Number of the turn, the change number of the saga.</param>
/// <param name="SagaNo">Number of the saga.</param>
/// <param name="Seq">Seq of the first event: the expected version.</param>
/// <param name="Count">Number of events.</param>
/// <param name="Body">Their bytes.</param>
public readonly record struct TurnRow(long No, long SagaNo, int Seq, int Count, ReadOnlyMemory<byte> Body);

/// <summary>The one narrow row of a saga that lists are made of.</summary>
/// <param name="No">Number of the saga.</param>
/// <param name="Saga">What lists show.</param>
public readonly record struct SagaRow(long No, SagaSummary Saga);

/// <summary>An ending and whom to tell.</summary>
/// <param name="No">Number of the turn that ended it.</param>
/// <param name="SagaId">The saga.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Participants">Names; never empty.</param>
public sealed record EndingRow(long No, string SagaId, SagaOutcome Outcome, IReadOnlyList<string> Participants);

/// <summary>A participant has been told every ending up to a number.</summary>
public readonly record struct EndingCursor(string Participant, long No);

/// <summary>A definition version as it is stored.</summary>
/// <param name="Name">Name.</param>
/// <param name="Version">Version.</param>
/// <param name="Body">Its canonical text.</param>
/// <param name="StoredAt">When.</param>
/// <param name="Actor">Who stored it; null for one from before this was recorded.</param>
public sealed record DefinitionRow(string Name, int Version, string Body, DateTimeOffset StoredAt, string? Actor);
