using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant.Databases;

// The suites of a participant's ledger and outbox on SQLite.

public sealed class LedgerTableOnSqlite() : LedgerTableStories(LedgerDialect.Sqlite);

public sealed class LedgerEndingOnSqlite() : LedgerEndingStories(LedgerDialect.Sqlite);

public sealed class PivotAndRetriableOnSqlite() : PivotAndRetriableStories(LedgerDialect.Sqlite);

public sealed class TransactionOnSqlite() : TransactionStories(LedgerDialect.Sqlite);

public sealed class WatcherOnSqlite() : WatcherStories(LedgerDialect.Sqlite);

public sealed class ManyUndosOnSqlite() : ManyUndosStories(LedgerDialect.Sqlite);

public sealed class StandBackOnSqlite() : StandBackStories(LedgerDialect.Sqlite);

public sealed class OperatorOnSqlite() : OperatorStories(LedgerDialect.Sqlite);

public sealed class RaceOnSqlite() : RaceStories(LedgerDialect.Sqlite);

public sealed class EventOnSqlite() : EventStories(LedgerDialect.Sqlite);

public sealed class OutboxOnSqlite() : OutboxStories(LedgerDialect.Sqlite);
