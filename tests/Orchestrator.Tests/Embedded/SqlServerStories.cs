using Orchestrator.Tests.Servers;

namespace Orchestrator.Tests.Embedded;

/// <summary>See <see cref="BatchStories" />.</summary>
[NeedsSqlServer]
public sealed class SqlServerBatchStories() : BatchStories(EngineKind.EmbeddedOnSqlServer);

/// <summary>See <see cref="BrokerStories" />.</summary>
[NeedsSqlServer]
public sealed class SqlServerBrokerStories() : BrokerStories(EngineKind.EmbeddedOnSqlServer);

/// <summary>See <see cref="CatalogStories" />.</summary>
[NeedsSqlServer]
public sealed class SqlServerCatalogStories() : CatalogStories(EngineKind.EmbeddedOnSqlServer);

/// <summary>See <see cref="CrashStories" />.</summary>
[NeedsSqlServer]
public sealed class SqlServerCrashStories() : CrashStories(EngineKind.EmbeddedOnSqlServer);

/// <summary>See <see cref="EndingStories" />.</summary>
[NeedsSqlServer]
public sealed class SqlServerEndingStories() : EndingStories(EngineKind.EmbeddedOnSqlServer);

/// <summary>See <see cref="EngineStories" />.</summary>
[NeedsSqlServer]
public sealed class SqlServerEngineStories() : EngineStories(EngineKind.EmbeddedOnSqlServer);

/// <summary>See <see cref="StartStories" />.</summary>
[NeedsSqlServer]
public sealed class SqlServerStartStories() : StartStories(EngineKind.EmbeddedOnSqlServer);

/// <summary>See <see cref="WaitingStories" />.</summary>
[NeedsSqlServer]
public sealed class SqlServerWaitingStories() : WaitingStories(EngineKind.EmbeddedOnSqlServer);
