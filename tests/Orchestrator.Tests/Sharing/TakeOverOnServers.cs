using Orchestrator.Tests.Embedded;
using Orchestrator.Tests.Servers;

namespace Orchestrator.Tests.Sharing;

/// <summary>See <see cref="TakeOverStories" />.</summary>
public sealed class TakeOverOnPostgres() : TakeOverStories(EngineKind.EmbeddedOnPostgres);

/// <summary>See <see cref="TakeOverStories" />.</summary>
[NeedsSqlServer]
public sealed class TakeOverOnSqlServer() : TakeOverStories(EngineKind.EmbeddedOnSqlServer);
