using System.Text;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Conformance.Wire;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>Messages that cannot be taken: nothing is done, nobody else notices.</summary>
internal static class InputChecks
{
    private const string Section = "section 5";
    private const string Means = "A mistake or an attack upstream changes something here, or stops the participant.";

    private static byte[] Nested { get; } = Encoding.ASCII.GetBytes(
        new string('[', KitLimits.Nesting) + new string(']', KitLimits.Nesting));

    internal static IEnumerable<Check> Of(OfferedStep step) =>
    [
        Bad("input-no-saga", "A do without ce-sagaid is 4xx", step, command => command.With(SagaHeaders.SagaId, null)),
        Bad("input-no-step", "A do without ce-sagastep is 4xx", step, command => command.With(SagaHeaders.SagaStep, null)),
        Bad("input-no-expiry", "A compensatable do without an expiry is 4xx", step,
            command => command.With(SagaHeaders.ExpiryTime, null).With(SagaHeaders.SagaRemaining, null)) with
        {
            Section = "section 7, decision 0001",
            Means = "A step that is not armed here is undone at an expiry that nobody confirms, or held for ever.",
        },
        Bad("input-bad-expiry", "A do with an expiry that is no instant is 4xx", step,
            command => command.With(SagaHeaders.ExpiryTime, "tomorrow")),
        Bad("input-bad-remaining", "A do with a sagaremaining that is no number is 4xx", step,
            command => command.With(SagaHeaders.SagaRemaining, "soon")),
        Bad("input-bad-time", "A do with a time that is no instant is 4xx", step,
            command => command.With(SagaHeaders.Time, "yesterday")),
        Bad("input-other-type", "A do whose type says undo is 4xx", step,
            command => command.With(SagaHeaders.Type, SagaEventTypes.Undo)),
        Bad("input-not-json", "A do whose body is no JSON is 4xx", step,
            command => command with { Body = "{\"a\":"u8.ToArray() }),
        Bad("input-not-text", "A do whose body is not UTF-8 is 4xx", step,
            command => command with { Body = [(byte)'"', 0xC3, 0x28, 0xFF, (byte)'"'] }),
        Bad("input-deep", $"A do nested {KitLimits.Nesting} levels deep is 4xx", step,
            command => command with { Body = Nested }),
        Bad("input-long-key", "A saga id of 5,000 characters is 4xx", step,
            command => command.With(SagaHeaders.SagaId, new string('x', 5000))),
        Bad("input-unknown-action", "A command for an action that is not here is 4xx", step,
            command => command with { Path = command.Path.Replace($"/{step.Name}/", "/nowhere/", StringComparison.Ordinal) },
            isOurs: false),
        new("input-too-large", "A body of 8 MiB is 413 and does nothing", Section, Means, trial => TooLargeAsync(trial, step)),
        new("input-garbage", "Bytes that are no HTTP, and half a message, disturb nobody", Section, Means,
            trial => GarbageAsync(trial, step)),
    ];

    // An address that is not there may be answered by whatever serves HTTP: it need not know of problems and codes.
    private static Check Bad(
        string id, string title, OfferedStep step, Func<Command, Command> spoil, bool isOurs = true) =>
        new(id, title, Section, Means, async trial =>
        {
            var key = trial.NewSaga(step);
            trial.WillUndo(key);
            (await trial.SendOnceAsync(spoil(key.Do()))).IsTurnedAway("nothing can be done with it", isOurs);
            await trial.GoodsAreBackAsync("nothing was done");
            // The key is not spoilt by it.
            (await key.DoAsync()).Answers(200).InState("held");
        });

    private static async Task TooLargeAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        trial.WillUndo(key);
        var body = Encoding.ASCII.GetBytes($"{{\"pad\":\"{new string('x', KitLimits.Oversized)}\"}}");
        (await trial.SendOnceAsync(key.Do() with { Body = body })).IsTooLarge();
        await trial.GoodsAreBackAsync("nothing was done");
        (await trial.NewSaga(step).DoAsync()).Answers(200);
    }

    private static async Task GarbageAsync(Trial trial, OfferedStep step)
    {
        var noise = new byte[4096];
        new Random(7).NextBytes(noise);
        await trial.Run.Client.WriteRawAsync(noise, trial.Cancel);
        await trial.Run.Client.WriteRawAsync("POST /saga/x/do HTTP/1.1\r\nhost: x\r\ncontent-length: -7\r\n\r\n"u8.ToArray(), trial.Cancel);
        await trial.Run.Client.WriteRawAsync("POST /saga/x/do HTTP/1.1\r\nhost: x\r\ncontent-length: 900\r\n\r\n{"u8.ToArray(), trial.Cancel);
        (await trial.NewSaga(step).DoAsync()).Answers(200);
    }
}
