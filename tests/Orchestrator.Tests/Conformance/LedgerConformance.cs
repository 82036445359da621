using Dapper;
using Microsoft.Data.Sqlite;
using Orchestrator.Conformance.Reporting;
using Orchestrator.Participant;

namespace Orchestrator.Tests.Conformance;

/// <summary>A class for each database, so that their waiting for expiries goes on side by side.</summary>
public sealed class LedgerConformanceOnSqlite
{
    [Fact]
    public async Task The_library_on_SQLite_keeps_every_promise_that_the_kit_checks()
    {
        var folder = Directory.CreateTempSubdirectory("saga-conformance-");
        var source = $"Data Source={Path.Combine(folder.FullName, "seats.db")};Default Timeout=5;Pooling=False";
        await using (var connection = new SqliteConnection(source))
            await connection.ExecuteAsync("PRAGMA journal_mode = WAL");

        await using (var host = await LedgerHost.StartAsync(LedgerDialect.Sqlite, () => new SqliteConnection(source)))
            (await host.PlayKitAsync()).MustBeGood();

        folder.Delete(recursive: true);
    }
}

/// <summary>What a test asks of a run of the kit.</summary>
internal static class KitRunExtensions
{
    private static readonly string[] NotInThisProcess = ["restart-keeps-answers", "restart-keeps-expiry", "restart-under-way"];

    internal static void MustBeGood(this KitSummary summary)
    {
        summary.Problems.Should().BeEmpty();
        summary.Advice.Should().BeEmpty();
        summary.IdsNotChecked.Should().Equal(NotInThisProcess);
        summary.IsGood.Should().BeTrue();
    }
}
