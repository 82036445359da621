using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Conformance.Wire;

namespace Orchestrator.Conformance.Checks;

/// <summary>A plain HTTP service without a ledger (<c>confirm: none</c>): what can still be counted on.</summary>
internal static class UnarmedChecks
{
    private const string Section = "section 3, unarmed; section 4, answers";

    internal static IEnumerable<Check> Of(OfferedStep step) =>
    [
        new("unarmed-do", "A do is 2xx with a JSON output", Section,
            "The output cannot be read, and the saga turns back.", trial => DoAsync(trial, step)),
        new("unarmed-do-repeated", "A do that comes again with the same ce-id is 2xx and does nothing more", Section,
            "Every lost answer makes the service do it again.", trial => RepeatedAsync(trial, step)),
        new("unarmed-refused", "A no is any 3xx or 4xx but 408, 425 and 429, and changes nothing", Section,
            "A no is taken for silence and asked again until the deadline.", trial => RefusedAsync(trial, step))
        {
            Lacks = step.Refused is null ? "give data that is refused with --refused FILE" : null,
        },
        new("unarmed-undo", "An undo is 2xx and takes it back; repeated, it is 2xx and does nothing more", Section,
            "The saga is stuck, or what was done is taken back twice.", trial => UndoAsync(trial, step)),
        new("unarmed-undo-first", "An undo without a do is 2xx and changes nothing", Section,
            "A saga whose do never arrived is stuck for ever.", trial => UndoFirstAsync(trial, step)),
    ];

    private static async Task DoAsync(Trial trial, OfferedStep step)
    {
        IsDone(await trial.NewSaga(step).DoAsync());
        await trial.GoodsChangeAsync("a do changes what the probe shows");
    }

    private static async Task RepeatedAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        IsDone(await key.DoAsync());
        var goods = await trial.GoodsAsync();
        IsDone(await key.DoAsync());
        await trial.GoodsAreAsync(goods, "as after the first do");
    }

    private static async Task RefusedAsync(Trial trial, OfferedStep step)
    {
        var sent = await trial.NewSaga(step).DoAsync(step.Refused);
        sent.Shows("3xx or 4xx", sent.Reply is { IsUnknown: false, Status: >= 300 and < 500 });
        await trial.GoodsAreBackAsync("a refusal changes nothing");
    }

    private static async Task UndoAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        IsDone(await key.DoAsync());
        Acknowledges(await key.UndoAsync());
        await trial.GoodsAreBackAsync("undone");
        Acknowledges(await key.UndoAsync());
        await trial.GoodsAreBackAsync("undone once");
    }

    private static async Task UndoFirstAsync(Trial trial, OfferedStep step)
    {
        Acknowledges(await trial.NewSaga(step).UndoAsync());
        await trial.GoodsAreBackAsync("there was nothing to undo");
    }

    private static void IsDone(Sent sent) =>
        sent.Shows("2xx other than 202", IsSuccess(sent.Reply)).WithJson();

    private static void Acknowledges(Sent sent) => sent.Shows("2xx", IsSuccess(sent.Reply));

    private static bool IsSuccess(Reply reply) => reply is { Failure: null, Status: >= 200 and < 300 and not 202 };
}
