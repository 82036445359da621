namespace Orchestrator.Tests.Embedded;

/// <summary>See <see cref="BatchStories" />.</summary>
public sealed class PostgresBatchStories() : BatchStories(EngineKind.EmbeddedOnPostgres);

/// <summary>See <see cref="BrokerStories" />.</summary>
public sealed class PostgresBrokerStories() : BrokerStories(EngineKind.EmbeddedOnPostgres);

/// <summary>See <see cref="CatalogStories" />.</summary>
public sealed class PostgresCatalogStories() : CatalogStories(EngineKind.EmbeddedOnPostgres);

/// <summary>See <see cref="CrashStories" />.</summary>
public sealed class PostgresCrashStories() : CrashStories(EngineKind.EmbeddedOnPostgres);

/// <summary>See <see cref="EndingStories" />.</summary>
public sealed class PostgresEndingStories() : EndingStories(EngineKind.EmbeddedOnPostgres);

/// <summary>See <see cref="EngineStories" />.</summary>
public sealed class PostgresEngineStories() : EngineStories(EngineKind.EmbeddedOnPostgres);

/// <summary>See <see cref="StartStories" />.</summary>
public sealed class PostgresStartStories() : StartStories(EngineKind.EmbeddedOnPostgres);

/// <summary>See <see cref="WaitingStories" />.</summary>
public sealed class PostgresWaitingStories() : WaitingStories(EngineKind.EmbeddedOnPostgres);
