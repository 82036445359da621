using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;

namespace Orchestrator.Conformance.Checks;

/// <summary>Nobody comes in without the token, where there is one.</summary>
internal static class TokenChecks
{
    internal static IEnumerable<Check> Of(KitOptions options, OfferedStep step) =>
    [
        new("token-missing", "Without the token nothing is done: 401", "section 5",
            "Whoever reaches the port can do, confirm and undo.", trial => MissingAsync(trial, step))
        {
            Lacks = options.Token is null ? "give --token where the participant wants one" : null,
        },
    ];

    private static async Task MissingAsync(Trial trial, OfferedStep step)
    {
        var key = trial.NewSaga(step);
        trial.WillUndo(key);
        (await trial.SendOnceAsync(key.Do() with { ShowsToken = false })).IsTurnedAway("no token");
        var wrong = key.Do().With("Authorization", "Bearer " + new string('x', 40)) with { ShowsToken = false };
        (await trial.SendOnceAsync(wrong)).IsTurnedAway("the wrong token");
        await trial.GoodsAreBackAsync("nothing was done");
        (await key.DoAsync()).Answers(200);
    }
}
