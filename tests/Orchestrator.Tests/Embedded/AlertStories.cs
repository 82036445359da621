using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Tests.Core;
using Orchestrator.Tests.Engine;

namespace Orchestrator.Tests.Embedded;

/// <summary>Somebody is told when a saga wants a person, at least once and not again and again.</summary>
public abstract class AlertStories(EngineKind kind) : IAsyncLifetime
{
    private const string Token = "token-of-the-pager-0123";
    private const string Secret = "secret-of-the-pager-0123";
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, JsonElement> told = new();
    private HttpParticipant pager = null!;
    private volatile int status = 200;

    public async Task InitializeAsync()
    {
        pager = await HttpParticipant.StartAsync();
        pager.Says = http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };
    }

    public async Task DisposeAsync() => await pager.DisposeAsync();

    [Fact]
    public async Task A_stuck_saga_is_told_once_and_then_that_it_is_over()
    {
        await using var rig = await StartAsync();
        var isUp = false;
        rig.Caller.Answers = _ => Task.FromResult(Volatile.Read(ref isUp) ? ScriptedCaller.Yes : ScriptedCaller.No);
        var id = (await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("r:retriable")))).Start.SagaId;
        await ToldAsync(rig, 1);
        // Whoever looks again finds the alert open.
        var began = rig.Time.GetUtcNow();
        await rig.UntilAsync(() => rig.Time.GetUtcNow() > began.AddSeconds(40), Step);
        Read().Should().ContainSingle();
        Volatile.Write(ref isUp, true);
        await rig.Engine.SubmitAsync(id, new SagaVerb.Retry { Actor = "ann" }, CancellationToken.None).Soon();
        await ToldAsync(rig, 2);

        var (raised, cleared) = (Of("saga.alert.raised").Single(), Of("saga.alert.cleared").Single());
        raised.GetProperty("specversion").GetString().Should().Be("1.0");
        raised.GetProperty("data").GetProperty("saga").GetString().Should().Be(id);
        raised.GetProperty("data").GetProperty("reason").GetString().Should().Be("stuck");
        raised.GetProperty("data").GetProperty("words").GetString().Should().Contain("step r cannot go on at p-r");
        cleared.GetProperty("data").GetProperty("clearedAt").ValueKind.Should().Be(JsonValueKind.String);
        cleared.GetProperty("id").GetString()
            .Should().Be(raised.GetProperty("id").GetString()!.Replace("raised", "cleared"));
        Signed(pager.Seen.First()).Should().BeTrue();
        pager.Seen.Should().OnlyContain(seen => seen.Headers["Authorization"] == "Bearer " + Token);
        pager.Seen.First().Headers["Content-Type"].Should().StartWith("application/cloudevents+json");
    }

    [Fact]
    public async Task What_a_target_did_not_take_before_a_crash_it_is_told_afterwards()
    {
        status = 503;
        await using var first = await StartAsync();
        first.Caller.Answers = _ => Task.FromResult(ScriptedCaller.No);
        var id = (await first.BeginAsync(await first.PutAsync(TestDefinitions.Of("r:retriable")))).Start.SagaId;
        await first.UntilAsync(() => !pager.Seen.IsEmpty, Step);
        await first.UntilAsync(
            () => first.Alerts.ReadAsync(CancellationToken.None).GetAwaiter().GetResult()[0]
                is { Waiting: 1, Error: not null },
            Step);
        await first.CrashAsync();

        status = 200;
        told.Clear();
        pager.Seen.Clear();
        await using var second = await StartAsync(first);
        await ToldAsync(second, 1);

        told.Values.Single().GetProperty("data").GetProperty("saga").GetString().Should().Be(id);
        await second.UntilAsync(
            () => second.Alerts.ReadAsync(CancellationToken.None).GetAwaiter().GetResult()[0]
                is { Waiting: 0, Error: null, DeliveredAt: not null },
            Step);
    }

    [Fact]
    public async Task A_storm_is_one_message()
    {
        await using var rig = await StartAsync();
        rig.Caller.Answers = _ => Task.FromResult(ScriptedCaller.No);
        var definition = await rig.PutAsync(TestDefinitions.Of("r:retriable"));
        for (var i = 0; i < 30; i++) await rig.BeginAsync(definition);
        await rig.UntilAsync(() => rig.Health.Figures.Stuck == 30);
        await rig.UntilAsync(() => Read().Sum(Count) >= 30, Step);

        var bundle = Of("saga.alerts").Should().ContainSingle().Subject.GetProperty("data");
        bundle.GetProperty("raised").GetInt32().Should().Be(30);
        bundle.GetProperty("raisedFor").GetProperty("stuck").GetInt32().Should().Be(30);
        bundle.GetProperty("alerts").GetArrayLength().Should().Be(30);
        told.Should().ContainSingle();

        static int Count(JsonElement message) => message.GetProperty("type").GetString() == "saga.alerts"
            ? message.GetProperty("data").GetProperty("raised").GetInt32()
            : 1;
    }

    [Fact]
    public async Task An_overdue_saga_is_told_only_when_it_stays_so_and_only_to_whom_it_concerns()
    {
        await using var rig = await StartAsync(on: [AlertReason.Overdue]);
        rig.Caller.Answers = call => call.Command == CommandKind.Undo
            ? new TaskCompletionSource<Answer>().Task
            : Task.FromResult(call.Step == "a" ? ScriptedCaller.Yes : ScriptedCaller.Down);
        var saga = await rig.BeginAsync(await rig.PutAsync(TestDefinitions.Of("a", "b")));
        await rig.UntilAsync(() => rig.Time.GetUtcNow() > saga.ExpiresAt.AddSeconds(25), TimeSpan.FromSeconds(1));
        pager.Seen.Should().BeEmpty("most put themselves right in a moment");

        await ToldAsync(rig, 1);

        told.Values.Single().GetProperty("data").GetProperty("reason").GetString().Should().Be("overdue");
    }

    [Fact]
    public async Task A_test_is_sent_now_and_says_what_became_of_it()
    {
        await using var rig = await StartAsync();

        var first = await rig.Alerts.TestAsync("ann", CancellationToken.None).Soon();
        status = 404;
        var second = await rig.Alerts.TestAsync("ann", CancellationToken.None).Soon();

        first.Should().ContainSingle().Which.Should().Match<AlertDelivery>(one => one.Delivered && one.Status == 200);
        second.Should().ContainSingle().Which.Should().Match<AlertDelivery>(one => !one.Delivered && one.Status == 404);
        status = 200;
        Read();
        Of("saga.alert.test").Should().HaveCount(2);
    }

    private Task<EngineRig> StartAsync(EngineRig? of = null, AlertReason[]? on = null)
    {
        var target = new AlertTarget("ops", new Uri(pager.Address, "/hook")) { Token = Token, Secret = Secret };
        if (on is not null) target = target with { On = [.. on] };
        var options = new EngineOptions
        {
            Alerts = new AlertOptions { Targets = [target] },
            Lease = TimeSpan.FromMinutes(5),
        };
        return EngineRig.StartAsync(kind, of: of, options: options);
    }

    /// <summary>Waits until so many different messages were taken; the same one may have come more than once.</summary>
    private Task ToldAsync(EngineRig rig, int count) => rig.UntilAsync(() => Read().Count >= count, Step);

    private ICollection<JsonElement> Read()
    {
        if (status != 200) return told.Values;
        foreach (var seen in pager.Seen)
        {
            var message = JsonDocument.Parse(seen.Body).RootElement;
            told[message.GetProperty("id").GetString()!] = message;
        }

        return told.Values;
    }

    private IEnumerable<JsonElement> Of(string type) =>
        told.Values.Where(message => message.GetProperty("type").GetString() == type);

    private static bool Signed(SeenRequest seen)
    {
        var signed = $"{seen.Headers["webhook-id"]}.{seen.Headers["webhook-timestamp"]}.{seen.Body}";
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed));
        return seen.Headers["webhook-signature"] == "v1," + Convert.ToBase64String(expected);
    }
}

/// <summary>On the embedded engine.</summary>
public sealed class EmbeddedAlertStories() : AlertStories(EngineKind.Embedded);

/// <summary>On the Dapr engine.</summary>
public sealed class DaprAlertStories() : AlertStories(EngineKind.Dapr);
