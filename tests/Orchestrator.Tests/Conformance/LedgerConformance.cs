using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;
using Orchestrator.Tests.Servers;

namespace Orchestrator.Tests.Conformance;

/// <summary>The library, checked by the kit for any language as if it were somebody else's.</summary>
public abstract class LedgerConformance(LedgerDialect dialect)
{
    private static readonly string[] NotInThisProcess =
        ["restart-keeps-answers", "restart-keeps-expiry", "restart-under-way"];

    [Fact]
    public async Task The_library_keeps_every_promise_that_the_kit_checks()
    {
        using var database = ParticipantDatabase.Create(dialect);
        await using var host = await LedgerHost.StartAsync(dialect, database.Connect);

        var summary = await host.PlayKitAsync();

        summary.Problems.Should().BeEmpty();
        summary.Advice.Should().BeEmpty();
        summary.IdsNotChecked.Should().Equal(NotInThisProcess);
        summary.IsGood.Should().BeTrue();
    }
}

/// <summary>A class for each database, so that their waiting for expiries goes on side by side.</summary>
public sealed class LedgerConformanceOnSqlite() : LedgerConformance(LedgerDialect.Sqlite);

/// <summary>On a server of the test run's own.</summary>
public sealed class LedgerConformanceOnPostgres() : LedgerConformance(LedgerDialect.Postgres);

/// <summary>On the server that the environment names.</summary>
[NeedsSqlServer]
public sealed class LedgerConformanceOnSqlServer() : LedgerConformance(LedgerDialect.SqlServer);
