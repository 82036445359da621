using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Tidy;

namespace Orchestrator.Tests.TSql;

/// <summary>
/// Every statement for SQL Server, as the product sends it, against Microsoft's own grammar of SQL Server 2016 and
/// against the tables the product makes. None of them is carried out: that needs a server.
/// </summary>
public sealed class TSqlTests : IClassFixture<TSqlStatements>
{
    private static readonly string[] Folders = ["src/Orchestrator.Storage/", "src/Orchestrator.Participant/"];

    // Files with what is said to the other databases alone.
    private static readonly string[] NotForSqlServer = ["Sqlite", "Postgres", "OwnerTable.cs", "RowStatement.cs"];

    private readonly IReadOnlyList<SentStatement> store;
    private readonly IReadOnlyList<SentStatement> ledger;
    private readonly IReadOnlyCollection<string> connections;

    public TSqlTests(TSqlStatements statements)
    {
        store = statements.Store;
        ledger = statements.Ledger;
        connections = statements.Connections;
    }

    [Fact]
    public void Every_statement_of_the_store_is_one_that_SQL_Server_2016_understands() => Check(store);

    [Fact]
    public void Every_statement_of_a_ledger_is_one_that_SQL_Server_2016_understands() => Check(ledger);

    [Fact]
    public void No_statement_in_the_sources_was_forgotten()
    {
        var sent = store.Concat(ledger).Select(statement => SourceText.Spaced(statement.Text)).Distinct().ToList();
        var found = SourceTree.Files
            .Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => Folders.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
            .Where(file => !NotForSqlServer.Any(other => file.Path.Contains(other, StringComparison.Ordinal)))
            .SelectMany(file => SourceText.Statements(file.Text))
            .ToList();

        found.Count.Should().BeGreaterThan(100);
        found.Where(statement => !sent.Exists(text => statement.Pattern.IsMatch(text)))
            .Select(statement => statement.Text).Should().BeEmpty();
    }

    [Fact]
    public void No_part_of_a_commit_and_no_filter_of_a_list_was_forgotten()
    {
        var commit = StoreStatements.WholeCommit();
        var parts = typeof(StoreCommit).GetProperties().Select(part => (part.Name, Value: part.GetValue(commit)))
            .Concat(typeof(BatchCommit).GetProperties()
                .Select(part => (part.Name, Value: part.GetValue(commit.Batches))));

        parts.Where(part => part.Value is System.Collections.ICollection { Count: 0 } or 0L)
            .Select(part => part.Name).Should().BeEquivalentTo(nameof(StoreCommit.Base), nameof(StoreCommit.Shift));
        SagaFilters.Properties.Should().BeEquivalentTo(typeof(SagaFilter).GetProperties().Select(each => each.Name));
        typeof(AuditFilter).GetProperties().Select(each => each.Name).Should().BeEquivalentTo(
            SagaFilters.Audits().SelectMany(Given).Distinct());

        static IEnumerable<string> Given(AuditFilter filter) => typeof(AuditFilter).GetProperties()
            .Where(each => !Equals(each.GetValue(filter), each.GetValue(new AuditFilter()))).Select(each => each.Name);
    }

    [Fact]
    public void Whoever_locks_the_head_lets_go_of_it_in_the_same_command()
    {
        var locking = store.Where(statement =>
            statement.Text.Contains("UPDATE head", StringComparison.Ordinal)
            || statement.Text.Contains("FROM head WITH", StringComparison.Ordinal)).ToList();

        // A commit, an empty one, entering, leaving, taking over.
        locking.DistinctBy(statement => statement.Text).Should().HaveCount(5);
        locking.Should().OnlyContain(statement =>
            statement.Text.StartsWith("SET NOCOUNT ON;\nSET XACT_ABORT ON;\n", StringComparison.Ordinal)
            && statement.Text.Contains("BEGIN TRANSACTION;", StringComparison.Ordinal)
            && statement.Text.Contains("COMMIT TRANSACTION;", StringComparison.Ordinal));
    }

    [Fact]
    public void A_connection_gives_up_before_a_lease_ends_and_a_pool_tries_again_at_once()
    {
        connections.Should().HaveCount(2).And.OnlyContain(text =>
            text.Contains("Command Timeout=15", StringComparison.Ordinal)
            && text.Contains("Pool Blocking Period=NeverBlock", StringComparison.Ordinal));
        connections.Should().ContainSingle(text => text.Contains("Pooling=False", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_commit_reads_from_JSON_has_the_types_of_the_columns_it_goes_into()
    {
        var types = new KeptTypes(new Tables(store));
        foreach (var statement in store) Grammar.Parse(statement.Text, out _).Accept(types);

        types.Problems.Should().BeEmpty();
        types.Compared.Should().BeGreaterThan(80);
    }

    [Theory]
    [InlineData("SELECT id FROM sagas LIMIT 1")]
    [InlineData("SELECT id FROM sagas ORDER BY")]
    [InlineData("SELECT TOP 1 key FROM starts")]
    [InlineData("MERGE sagas AS t USING sagas AS s ON t.id = s.id WHEN MATCHED THEN DELETE;")]
    [InlineData("SELECT STRING_AGG(id, ',') FROM sagas")]
    [InlineData("SELECT TRIM(id) FROM sagas")]
    [InlineData("SELECT CONCAT_WS(',', id, id) FROM sagas")]
    [InlineData("SELECT GREATEST(no, owner) FROM sagas")]
    [InlineData("SELECT DATETRUNC(day, no) FROM sagas")]
    [InlineData("SELECT value FROM GENERATE_SERIES(1, 9)")]
    [InlineData("SELECT value FROM STRING_SPLIT('a', ',', 1)")]
    [InlineData("SELECT no FROM sagas WHERE ended_at IS DISTINCT FROM owner")]
    [InlineData("SELECT * FROM sagas")]
    [InlineData("SELECT no FROM sagas WITH (NOLOCK)")]
    [InlineData("SELECT no FROM saga")]
    [InlineData("SELECT nr FROM sagas")]
    [InlineData("SELECT s.nr FROM sagas s")]
    [InlineData("SELECT No FROM sagas")]
    [InlineData("SELECT no FROM sagas WHERE id = @id")]
    [InlineData("CREATE INDEX i ON sagas (nr)")]
    [InlineData("ALTER TABLE sagas ADD at DATETIME NULL")]
    [InlineData("EXEC sp_who")]
    [InlineData("UPDATE sagas SET stuck = TRUE WHERE no = 1")]
    public void A_statement_that_is_wrong_is_found(string text)
    {
        var wrong = new SentStatement(text, []);

        StatementRules.Problems(wrong, new Tables(store)).Should().NotBeEmpty();
    }

    private static void Check(IReadOnlyList<SentStatement> statements)
    {
        var tables = new Tables(statements);
        var problems = statements.DistinctBy(statement => statement.Text).SelectMany(statement => StatementRules
            .Problems(statement, tables).Select(problem => $"{problem}, in: {statement.Text}"));

        problems.Should().BeEmpty();
        tables.Names.Should().NotBeEmpty();
    }
}

/// <summary>What the product sends, sent once for all tests.</summary>
public sealed class TSqlStatements : IAsyncLifetime
{
    internal IReadOnlyList<SentStatement> Store { get; private set; } = [];

    internal IReadOnlyList<SentStatement> Ledger { get; private set; } = [];

    internal IReadOnlyCollection<string> Connections { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var store = StoreStatements.Server();
        await StoreStatements.SendAllAsync(store);
        (Store, Connections) = (store.Sent, store.Connections);
        var ledger = LedgerStatements.Server();
        await LedgerStatements.SendAllAsync(ledger);
        Ledger = ledger.Sent;
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
