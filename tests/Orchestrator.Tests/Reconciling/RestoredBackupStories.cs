using System.Text.Json;
using Microsoft.Data.Sqlite;
using Orchestrator.Service.Reconciling;
using Orchestrator.Tests.Participant;
using Orchestrator.Tests.Participant.Databases;
using Orchestrator.Tests.Service;

namespace Orchestrator.Tests.Reconciling;

/// <summary>
/// The real service and a real participant, whose database is put back to what it was: <c>ledger reconcile</c> tells
/// everything that was forgotten.
/// </summary>
public sealed class RestoredBackupStories(RunningService service)
    : IClassFixture<RunningService>, IAsyncLifetime, IDisposable
{
    private const string Input = """{"sku":"A1","quantity":2}""";

    private readonly SqliteDatabase database = new();
    private ParticipantHost inventory = null!;

    // The stories share a service, and it knows each participant at one address.
    private readonly string name = $"inventory-{Guid.NewGuid():N}";

    private string Backup => database.FilePath + ".backup";

    public async Task InitializeAsync()
    {
        inventory = await StartAsync();
        await DefineAsync();
    }

    public async Task DisposeAsync() => await inventory.DisposeAsync();

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task Every_difference_of_a_restored_ledger_is_told_and_after_the_procedure_none_is_left()
    {
        var kept = await CompletedAsync();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        service.Participant.HoldBack("pay/do", goOn.Task);
        var confirmedLater = await service.StartedAsync("restored", Input);
        var undoneLater = await service.StartedAsync("restored", Input);
        await Eventually.TrueAsync(
            () => database.Scalar("SELECT COUNT(*) FROM saga_ledger WHERE state = 'held'") == 2, "both are held");
        BackUp();
        await service.SendAsync(HttpMethod.Post, $"/sagas/{undoneLater}/cancel", null, ("X-Actor", "tester"));
        goOn.SetResult();
        await EndAsync(undoneLater, "compensated");
        await EndAsync(confirmedLater, "completed");
        var madeLater = await CompletedAsync();
        (await ReconcileAsync()).Text.Should().Contain(" 0 differences.");

        await RestoreAsync();
        var (code, text) = await ReconcileAsync();

        code.Should().Be(1);
        Told(text, confirmedLater).Should().Contain("held").And.Contain("was told confirmed; the saga is completed")
            .And.Contain("Mark the row confirmed");
        Told(text, undoneLater).Should().Contain("held").And.Contain("was told undone; the saga is compensated")
            .And.Contain("Send its undo again");
        Told(text, madeLater).Should().Contain("none").And.Contain("was told confirmed; the saga is completed")
            .And.Contain("Enter the business change again by hand");
        text.Should().NotContain(kept).And.Contain(" 3 differences.");

        await RepairAsync(confirmedLater, undoneLater, madeLater);
        (await ReconcileAsync()).Text.Should().Contain(" 0 differences.");
    }

    [Fact]
    public async Task A_participant_in_another_language_is_asked_row_by_row()
    {
        await using var other = await FakeParticipant.StartAsync();
        using var defined = await service.PutAsync(
            "/definitions/elsewhere",
            $$"""
            name: elsewhere
            deadline: 1h
            participants: { elsewhere: { url: "{{other.Url}}" } }
            steps: [ { name: reserve, participant: elsewhere } ]
            """,
            "application/yaml");
        defined.IsSuccessStatusCode.Should().BeTrue(await defined.Content.ReadAsStringAsync());
        other.Answer("ledger", 404);
        var saga = (await service.FinishedAsync("elsewhere")).GetProperty("id").GetString()!;
        var row = $"reserve/{saga}";

        other.Answer(row, 200, $$"""{"sagaId":"{{saga}}","step":"reserve","state":"confirmed"}""");
        (await ReconcileAsync("elsewhere")).Code.Should().Be(0);

        other.Answer(row, 404);
        var (code, text) = await ReconcileAsync("elsewhere");

        code.Should().Be(1);
        Told(text, saga).Should().Contain("Enter the business change again by hand");
    }

    [Theory]
    [InlineData(2, "--participant is missing", "--orchestrator", "http://127.0.0.1:1")]
    [InlineData(2, "is not an http address", "--orchestrator", "nowhere", "--participant", "x")]
    [InlineData(2, "--colour is not known", "--orchestrator", "http://127.0.0.1:1", "--participant", "x", "--colour", "red")]
    [InlineData(2, "needs a value", "--orchestrator")]
    [InlineData(1, "The orchestrator could not be asked", "--orchestrator", "http://127.0.0.1:1", "--participant", "x")]
    public async Task What_cannot_be_compared_is_told_in_a_sentence(int code, string sentence, params string[] args)
    {
        using var error = new StringWriter();

        (await ReconcileCommand.RunAsync(args, TextWriter.Null, error, CancellationToken.None)).Should().Be(code);

        error.ToString().Should().Contain(sentence).And.NotContain("   at ");
    }

    [Fact]
    public async Task A_participant_that_the_orchestrator_does_not_know_is_told()
    {
        var (code, text) = await ReconcileAsync("nobody");

        code.Should().Be(1);
        text.Should().Contain("does not know a participant nobody");
    }

    private static string Told(string text, string saga)
    {
        var from = text.IndexOf($"saga {saga}, step ", StringComparison.Ordinal);
        from.Should().BeGreaterThanOrEqualTo(0, text);
        var to = text.IndexOf("\nsaga ", from, StringComparison.Ordinal);
        return to < 0 ? text[from..] : text[from..to];
    }

    private Task<ParticipantHost> StartAsync(bool standby = false) => ParticipantHost.StartAsync(
        database, TimeProvider.System, onKestrel: true, configure: options => options.Standby = standby);

    private async Task DefineAsync()
    {
        var definition = $$"""
            name: restored
            deadline: 1h
            participants:
              {{name}}: { url: "{{inventory.Url}}" }
              shop: { url: "{{service.Participant.Url}}" }
            steps:
              - { name: reserve, participant: {{name}} }
              - { name: pay, participant: shop }
            """;
        using var answer = await service.PutAsync("/definitions/restored", definition, "application/yaml");
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
    }

    private async Task<string> CompletedAsync() =>
        (await service.FinishedAsync("restored", Input)).GetProperty("id").GetString()!;

    private async Task EndAsync(string saga, string outcome)
    {
        var since = TimeProvider.System.GetTimestamp();
        JsonElement seen;
        do
        {
            seen = await service.GetAsync($"/sagas/{saga}");
            TimeProvider.System.GetElapsedTime(since).Should().BeLessThan(TimeSpan.FromSeconds(30), "{0} should end", saga);
        }
        while (seen.GetProperty("outcome").GetString() is null);
        seen.GetProperty("outcome").GetString().Should().Be(outcome);
    }

    private void BackUp()
    {
        using var from = new SqliteConnection(database.ConnectionString);
        using var to = new SqliteConnection($"Data Source={Backup};Pooling=False");
        from.Open();
        to.Open();
        from.BackupDatabase(to);
    }

    /// <summary>Puts the file back and starts the participant on standby.</summary>
    private async Task RestoreAsync()
    {
        await inventory.DisposeAsync();
        using (var pooled = new SqliteConnection(database.ConnectionString)) SqliteConnection.ClearPool(pooled);
        foreach (var part in new[] { "-wal", "-shm" }) File.Delete(database.FilePath + part);
        File.Copy(Backup, database.FilePath, overwrite: true);
        inventory = await StartAsync(standby: true);
    }

    /// <summary>What docs/operations.md says, for each of the three.</summary>
    private async Task RepairAsync(string confirmedLater, string undoneLater, string madeLater)
    {
        database.Execute(
            $"""
            UPDATE saga_ledger SET state = 'confirmed', due_at = NULL, next_try_at = NULL
            WHERE saga_id = '{confirmedLater}' AND step = 'reserve' AND state = 'held'
            """);
        // Entered by hand, with the row that says so.
        database.Execute(
            $"""
            UPDATE stock SET available = available - 2;
            INSERT INTO saga_ledger (saga_id, step, action, kind, state, data, answer, attempts, needs_attention,
                created_at, updated_at)
            SELECT '{madeLater}', step, action, kind, state, data, answer, 0, 0, created_at, updated_at FROM saga_ledger
            WHERE saga_id = '{confirmedLater}'
            """);
        await inventory.DisposeAsync();
        inventory = await StartAsync();
        var steps = new Commands(inventory.Client, TimeProvider.System) { Step = "reserve" };
        (await steps.UndoAsync(undoneLater)).Summary.Should().Be("200 undone");
        await steps.EndAsync("completed", confirmedLater, madeLater);
        database.Available().Should().Be(100 - (3 * 2));
    }

    private async Task<(int Code, string Text)> ReconcileAsync(string? other = null)
    {
        using var text = new StringWriter();
        string[] args =
        [
            "--orchestrator", service.Http.BaseAddress!.ToString(), "--participant", other ?? name,
            .. other is null ? ["--address", inventory.Url.ToString()] : Array.Empty<string>(),
        ];
        var code = await ReconcileCommand.RunAsync(args, text, text, CancellationToken.None);
        return (code, text.ToString());
    }
}
