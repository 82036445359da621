using Orchestrator.Participant;
using Orchestrator.Tests.Servers;

namespace Orchestrator.Tests.Participant.Databases;

// The suites of a participant's ledger and outbox on SQL Server.

[NeedsSqlServer]
public sealed class LedgerTableOnSqlServer() : LedgerTableStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class LedgerEndingOnSqlServer() : LedgerEndingStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class PivotAndRetriableOnSqlServer() : PivotAndRetriableStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class TransactionOnSqlServer() : TransactionStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class WatcherOnSqlServer() : WatcherStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class ManyUndosOnSqlServer() : ManyUndosStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class StandBackOnSqlServer() : StandBackStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class OperatorOnSqlServer() : OperatorStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class RaceOnSqlServer() : RaceStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class EventOnSqlServer() : EventStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class OutboxOnSqlServer() : OutboxStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class ServerOnSqlServer() : ServerStories(LedgerDialect.SqlServer);

[NeedsSqlServer]
public sealed class RaceOnSqlServerWithVersions() : RaceStories(LedgerDialect.SqlServer, readsVersions: true);

[NeedsSqlServer]
public sealed class ServerOnSqlServerWithVersions() : ServerStories(LedgerDialect.SqlServer, readsVersions: true);
