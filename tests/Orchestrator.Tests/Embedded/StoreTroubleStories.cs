using Microsoft.Data.Sqlite;
using Orchestrator.Contract;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Embedded;

/// <summary>
/// A store that cannot be written: it is said, nothing is lost, nothing is half written, and it goes on by itself.
/// </summary>
public abstract class StoreTroubleStories(EngineKind kind)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    [Fact]
    public async Task A_full_disk_refuses_starts_keeps_answers_and_goes_on_when_there_is_room()
    {
        BrokenStore store = null!;
        var held = new TaskCompletionSource<Answer>();
        await using var rig = await EngineRig.StartAsync(kind, store: inner => store = new BrokenStore(inner));
        rig.Caller.Answers = call => call.Step == "a" && call.Command == CommandKind.Do
            ? held.Task
            : Task.FromResult(ScriptedCaller.Yes);
        var definition = await rig.PutAsync(TestDefinitions.Of("a", "b"));
        var saga = await rig.BeginAsync(definition);
        await rig.Caller.NextAsync();

        store.FailsWith = "The disk is full.";
        held.SetResult(ScriptedCaller.Yes);
        await rig.UntilAsync(() => rig.Health.NotReady == "The disk is full.");
        var refused = await rig.Engine.StartAsync(rig.Request(definition), CancellationToken.None).Soon();
        rig.Time.Advance(Step);
        rig.Time.Advance(Step);
        store.FailsWith = null;
        await rig.UntilAsync(() => rig.Health.NotReady is null, Step);

        refused.Should().BeOfType<StartOutcome.Unavailable>().Which.Text.Should().Be("The disk is full.");
        (await rig.EndAsync(saga.Start.SagaId)).End.Outcome.Should().Be(SagaOutcome.Completed);
        rig.Logs.Where(line => line.Contains("The disk is full.")).Should().ContainSingle("it is said once");
        rig.Health.Figures.CommitFailures.Should().Be(1);
    }

    [Fact]
    public async Task A_start_that_fails_with_its_commit_has_not_happened()
    {
        BrokenStore store = null!;
        await using var rig = await EngineRig.StartAsync(kind, store: inner => store = new BrokenStore(inner));
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));

        store.FailsWith = "broken";
        var outcome = await rig.Engine.StartAsync(rig.Request(definition, "key"), CancellationToken.None).Soon();
        store.FailsWith = null;
        await rig.UntilAsync(() => rig.Health.NotReady is null, Step);

        outcome.Should().BeOfType<StartOutcome.Unavailable>();
        rig.Caller.All.Should().BeEmpty("nothing is sent before it is stored");
        (await rig.Queries.ListAsync(new SagaFilter(), CancellationToken.None)).Items.Should().BeEmpty();
        (await rig.Engine.StartAsync(rig.Request(definition, "key"), CancellationToken.None).Soon())
            .Should().BeOfType<StartOutcome.Started>();
    }

    [Fact]
    public async Task A_start_that_was_stored_although_its_commit_failed_goes_on()
    {
        BrokenStore store = null!;
        await using var rig = await EngineRig.StartAsync(kind, store: inner => store = new BrokenStore(inner));
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));

        store.WritesAndDoesNotKnow = true;
        var outcome = await rig.Engine.StartAsync(rig.Request(definition, "key"), CancellationToken.None).Soon();
        await rig.UntilAsync(() => rig.Health.Figures.Completed == 1, Step);
        var again = await rig.Engine.StartAsync(rig.Request(definition, "key"), CancellationToken.None).Soon();

        outcome.Should().BeOfType<StartOutcome.Unavailable>();
        again.Should().BeOfType<StartOutcome.AlreadyStarted>().Which.Saga.Should().BeOfType<Ended>();
    }

    [Fact]
    public async Task An_answer_whose_commit_was_dropped_unknowingly_is_recorded_after_all()
    {
        BrokenStore store = null!;
        var held = new TaskCompletionSource<Answer>();
        await using var rig = await EngineRig.StartAsync(kind, store: inner => store = new BrokenStore(inner));
        rig.Caller.Answers = call => call.Command == CommandKind.Do ? held.Task : Task.FromResult(ScriptedCaller.Yes);
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        await rig.Caller.NextAsync();

        store.DropsAndDoesNotKnow = true;
        held.SetResult(ScriptedCaller.Yes);
        await rig.UntilAsync(() => rig.Health.Figures.Completed == 1, Step);

        var ended = await rig.EndAsync(saga.Start.SagaId);
        var history = await rig.Queries.HistoryAsync(saga.Start.SagaId, CancellationToken.None);
        history.Should().HaveCount(ended.Version);
        history!.OfType<CallAnswered>().Count(answered => answered.Command == CommandKind.Do).Should().Be(1);
    }

    [Fact]
    public async Task A_timer_that_is_due_while_nothing_can_be_stored_is_not_lost()
    {
        BrokenStore store = null!;
        await using var rig = await EngineRig.StartAsync(kind, store: inner => store = new BrokenStore(inner));
        rig.Caller.Answers = call => call.Command == CommandKind.Do
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(ScriptedCaller.Yes);
        await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a")));
        await rig.Caller.NextAsync();

        store.FailsWith = "broken";
        await rig.UntilAsync(() => rig.Health.NotReady is not null, TimeSpan.FromSeconds(1));
        store.FailsWith = null;
        await rig.UntilAsync(() => rig.Health.Figures.Compensated == 1, Step);
    }

    [Fact]
    public async Task A_store_that_is_away_does_not_make_the_engine_a_dead_one_and_a_bug_in_its_loop_does()
    {
        BrokenStore store = null!;
        await using var rig = await EngineRig.StartAsync(kind, store: inner => store = new BrokenStore(inner));
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        store.FailsWith = "The disk is full.";
        await rig.Engine.StartAsync(rig.Request(definition), CancellationToken.None).Soon();
        rig.Health.NotReady.Should().NotBeNull();
        rig.Health.Dead.Should().BeNull("it goes on by itself once there is room");
        store.FailsWith = null;
        await rig.UntilAsync(() => rig.Health.NotReady is null, Step);

        store.HasBug = true;
        var refused = await rig.Engine.StartAsync(rig.Request(definition), CancellationToken.None).Soon();

        refused.Should().BeOfType<StartOutcome.Unavailable>();
        rig.Health.Dead.Should().StartWith("The engine has stopped by an error of its own");
        rig.Health.NotReady.Should().Be(rig.Health.Dead);
        rig.Logs.Should().Contain(line => line.Contains("Critical: The commit loop has ended"));
    }

    [Fact]
    public async Task A_file_that_may_not_grow_is_a_full_disk()
    {
        await using var rig = await EngineRig.StartAsync(kind, maxPages: 60);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        var big = rig.Request(definition, input: $"\"{new string('x', 400_000)}\"");

        var outcome = await rig.Engine.StartAsync(big, CancellationToken.None).Soon();

        outcome.Should().BeOfType<StartOutcome.Unavailable>().Which.Text.Should().Contain("full");
        await rig.UntilAsync(() => rig.Health.NotReady is null, Step);
        await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId);
    }

    [Fact]
    public async Task A_file_that_another_process_locks_is_waited_for()
    {
        await using var rig = await EngineRig.StartAsync(kind);
        var definition = await rig.PutAsync(TestDefinitions.Of("a"));
        await using (var other = new SqliteConnection($"Data Source={rig.File};Pooling=False"))
        {
            await other.OpenAsync();
            await using var transaction = await other.BeginTransactionAsync();

            var outcome = await rig.Engine.StartAsync(rig.Request(definition), CancellationToken.None).Soon();

            outcome.Should().BeOfType<StartOutcome.Unavailable>().Which.Text.Should().Contain("locked by another process");
            rig.Health.NotReady.Should().Contain("locked by another process");
        }

        await rig.UntilAsync(() => rig.Health.NotReady is null, Step);
        await rig.EndAsync((await rig.BeginAsync(definition)).Start.SagaId);
    }

    [Fact]
    public async Task A_damaged_file_is_named_and_a_backup_put_in_its_place_is_taken()
    {
        var first = await EngineRig.StartAsync(kind);
        var definition = await first.PutAsync(TestDefinitions.Of("a"));
        var saga = await first.EndAsync((await first.BeginAsync(definition)).Start.SagaId);
        await first.Host.StopAsync(CancellationToken.None);
        await first.CrashAsync();
        var backup = first.File + ".backup";
        await BackUpAsync(first.File, backup);
        await File.WriteAllTextAsync(first.File, new string('#', 100_000));
        File.Delete(first.File + "-wal");

        await using var second = await EngineRig.StartAsync(kind, of: first, untilReady: false);
        await second.UntilAsync(() => second.Health.NotReady!.Contains("damaged"), Step);
        File.Delete(first.File);
        await second.UntilAsync(() => second.Health.NotReady!.Contains("gone or empty"), Step);
        File.Move(backup, first.File);
        await second.UntilAsync(() => second.Health.NotReady is null, Step);

        (await second.Engine.FindAsync(saga.Start.SagaId, CancellationToken.None)).Should().BeOfType<Ended>();
        Directory.Delete(first.Folder, recursive: true);
    }

    [Fact]
    public async Task A_second_engine_on_the_same_folder_is_told_who_has_it()
    {
        await using var rig = await EngineRig.StartAsync(kind);

        var starting = () => EngineRig.StartAsync(kind, of: rig, untilReady: false);

        (await starting.Should().ThrowAsync<StoreInUseException>()).WithMessage($"*process {Environment.ProcessId}*");
    }

    /// <summary>
    /// A copy as SQLite makes it: the bytes of the file alone may lack what still is in the write-ahead log.
    /// </summary>
    private static async Task BackUpAsync(string file, string copy)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $copy";
        command.Parameters.AddWithValue("$copy", copy);
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedStoreTroubleStories() : StoreTroubleStories(EngineKind.Embedded);

/// <summary>On the Dapr engine.</summary>
public sealed class DaprStoreTroubleStories() : StoreTroubleStories(EngineKind.Dapr);
