using System.Text;
using System.Text.Json;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Conformance.Wire;
using Orchestrator.Contract;

namespace Orchestrator.Conformance.Checks;

/// <summary>The row "end" of the ledger table: <c>POST /saga/ended</c>.</summary>
internal static class EndChecks
{
    internal static IEnumerable<Check> Of(OfferedStep step) =>
    [
        new("end-batch", "A batch of endings is 200, also with sagas nobody knows, also again", "section 2, end; section 5",
            "The orchestrator sends the endings again and again; nothing here is ever final.",
            trial => BatchAsync(trial, step)),
        new("end-unknown", "An end without a do leaves no row", "section 2, end x none",
            "The saga's do, when it comes after all, meets a row that should not be there.",
            trial => UnknownAsync(trial, step)),
        new("end-is-final", "A confirmed step whose saga has completed is not undone any more", "section 2, end x confirmed",
            "A lost old undo takes back goods that were sold for good.",
            trial => FinalAsync(trial, step)),
        new("end-garbage", "A batch that cannot be read is 4xx", "section 5",
            "A mistake upstream is taken for an ending.",
            trial => GarbageAsync(trial)),
    ];

    internal static Command Ended(Trial trial, string outcome, params IEnumerable<string> sagaIds) => Batch(
        trial, JsonSerializer.Serialize(sagaIds.Select(id => new { sagaId = id, outcome })));

    /// <summary>Tells that sagas ended. Who has no such address need not.</summary>
    internal static async Task<Sent> EndAsync(Trial trial, string outcome, params IEnumerable<string> sagaIds)
    {
        var sent = await trial.SendAsync(Ended(trial, outcome, sagaIds));
        if (sent.Reply is { Failure: null, Status: 404 })
            throw new NotOfferedException("POST /saga/ended is answered 404, which is accepted: nothing here is ever final");
        return sent;
    }

    private static Command Batch(Trial trial, string body) => new()
    {
        Path = $"{trial.Options.Prefix}/ended",
        Body = Encoding.UTF8.GetBytes(body),
        Headers = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [SagaHeaders.SpecVersion] = "1.0",
            [SagaHeaders.Type] = SagaEventTypes.Ended,
            [SagaHeaders.Id] = Guid.NewGuid().ToString(),
            [SagaHeaders.Source] = "/sagas/conformance",
            [SagaHeaders.Time] = Instants.Write(trial.Now),
        },
    };

    private static async Task BatchAsync(Trial trial, OfferedStep step)
    {
        var held = trial.NewSaga(step);
        var undone = trial.NewSaga(step);
        var barred = trial.NewSaga(step);
        var refused = trial.NewSaga(step);
        (await held.DoAsync()).Answers(200);
        (await undone.DoAsync()).Answers(200);
        (await undone.UndoAsync()).Answers(200);
        (await barred.UndoAsync()).Answers(200);
        if (step.Refused is not null) (await refused.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused);
        string[] all =
            [held.SagaId, undone.SagaId, barred.SagaId, refused.SagaId, $"kit-nobody-{Guid.NewGuid():N}"];
        (await EndAsync(trial, WireWords.Compensated, all)).Answers(200);
        (await EndAsync(trial, WireWords.Compensated, all)).Answers(200);
        (await EndAsync(trial, WireWords.Compensated)).Answers(200);
        (await undone.DoAsync()).IsGone(SagaCodes.Undone);
        (await barred.DoAsync()).IsGone(SagaCodes.Barred);
        if (step.Refused is not null)
        {
            await refused.RowIsAsync("refused");
            (await refused.DoAsync(step.Refused)).Answers(409, SagaCodes.Refused);
        }

        (await held.UndoAsync()).Answers(200);
        await trial.GoodsAreBackAsync("undone");
    }

    private static async Task UnknownAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        (await EndAsync(trial, WireWords.Compensated, key.SagaId)).Answers(200);
        await key.RowIsAsync("none");
        (await key.DoAsync()).Answers(200).InState("held");
    }

    private static async Task FinalAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        var first = (await key.DoAsync()).Answers(200);
        (await key.ConfirmAsync()).Answers(200);
        var goods = await trial.GoodsAsync();
        (await EndAsync(trial, WireWords.Completed, key.SagaId)).Answers(200);
        trial.StaysDone(key);
        (await EndAsync(trial, WireWords.Completed, key.SagaId)).Answers(200);
        (await key.UndoAsync()).Answers(409, SagaCodes.Done).InState("confirmed");
        await trial.GoodsAreAsync(goods, "as after the confirm");
        (await key.DoAsync()).Answers(200).SameAs(first);
        trial.StaysDone(key);
        await key.RowIsAsync("confirmed");
    }

    private static async Task GarbageAsync(Trial trial)
    {
        await EndAsync(trial, WireWords.Completed);
        (await trial.SendOnceAsync(Batch(trial, "{\"sagaId\":7}"))).IsTurnedAway("the body is a list");
        (await trial.SendOnceAsync(Batch(trial, "[{\"sagaId\":\"kit-x\",\"outcome\":\"perhaps\"}]")))
            .IsTurnedAway("an outcome is completed or compensated");
        (await trial.SendOnceAsync(Batch(trial, "[{"))).IsTurnedAway("the body is JSON");
    }
}
