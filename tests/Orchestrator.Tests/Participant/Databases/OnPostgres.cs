using Orchestrator.Participant;

namespace Orchestrator.Tests.Participant.Databases;

// The suites of a participant's ledger and outbox on PostgreSQL.

public sealed class LedgerTableOnPostgres() : LedgerTableStories(LedgerDialect.Postgres);

public sealed class LedgerEndingOnPostgres() : LedgerEndingStories(LedgerDialect.Postgres);

public sealed class PivotAndRetriableOnPostgres() : PivotAndRetriableStories(LedgerDialect.Postgres);

public sealed class TransactionOnPostgres() : TransactionStories(LedgerDialect.Postgres);

public sealed class WatcherOnPostgres() : WatcherStories(LedgerDialect.Postgres);

public sealed class ManyUndosOnPostgres() : ManyUndosStories(LedgerDialect.Postgres);

public sealed class StandBackOnPostgres() : StandBackStories(LedgerDialect.Postgres);

public sealed class OperatorOnPostgres() : OperatorStories(LedgerDialect.Postgres);

public sealed class RaceOnPostgres() : RaceStories(LedgerDialect.Postgres);

public sealed class EventOnPostgres() : EventStories(LedgerDialect.Postgres);

public sealed class OutboxOnPostgres() : OutboxStories(LedgerDialect.Postgres);

public sealed class ServerOnPostgres() : ServerStories(LedgerDialect.Postgres);
