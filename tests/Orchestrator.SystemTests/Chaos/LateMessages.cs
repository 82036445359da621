using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checking;
using Orchestrator.Conformance.Wire;
using Orchestrator.Contract;
using Orchestrator.SystemTests.Harness;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>
/// P6: when all is over, messages of these sagas arrive once more, late and stale. Each is answered with a reason, and
/// none changes anything.
/// </summary>
internal sealed class LateMessages(OpenShop shop)
{
    private const int Sagas = 25;

    /// <summary>How many were sent.</summary>
    internal int Count { get; private set; }

    /// <summary>Sends them for some sagas of either outcome; gives what was answered wrongly.</summary>
    internal async Task<List<string>> SendAsync(IReadOnlyList<SagaRecord> sagas)
    {
        var wrong = new List<string>();
        foreach (var outcome in (string[])["completed", "compensated"])
        {
            foreach (var saga in sagas.Where(saga => saga.History.Any(e => e.Outcome == outcome)).Take(Sagas))
            {
                foreach (var (step, row) in saga.Rows)
                {
                    if (row is not null) wrong.AddRange(await SendAsync(saga.Id, step, row.State, outcome));
                }
            }
        }

        return wrong;
    }

    private async Task<List<string>> SendAsync(string sagaId, string step, string state, string outcome)
    {
        var options = new KitOptions { Address = shop.Cluster.AddressOf(PublicRecord.OwnerOf[step]) };
        using var client = new ParticipantClient(options, TimeProvider.System);
        var run = new KitRun(options, client, TimeProvider.System, _ => Task.CompletedTask);
        var trial = new Trial(run, watchesGoods: false, CancellationToken.None);
        var kind = step == "dispatch" ? WireKind.Retriable : WireKind.Compensatable;
        var key = trial.OfSaga(new OfferedStep(step, kind, new StepData("""{"other":"data"}"""), null), sagaId, "");
        var isKept = state == "confirmed";
        var longAgo = Instants.Write(trial.Now - TimeSpan.FromDays(30));
        List<(string What, Sent Sent, int[] Right)> all =
        [
            ("do", await key.DoAsync(), isKept ? [409] : [409, 410]),
            ("confirm", await key.ConfirmAsync(), isKept ? [200] : [410]),
            ("stale undo", await trial.SendAsync(key.Undo().With(SagaHeaders.Time, longAgo)), [410]),
        ];
        // Of a completed saga only what cannot be undone is asked to: its end may not have arrived, then an undo runs.
        if (outcome == "compensated" || kind == WireKind.Retriable)
            all.Add(("undo", await key.UndoAsync(), isKept ? [409] : [200]));
        Count += all.Count;
        return
        [
            .. all.Where(each => !each.Right.Contains(each.Sent.Reply.Status)).Select(each =>
                $"P6: a late {each.What} of {step}, saga {sagaId} ({outcome}, {state}): {each.Sent.Reply.Describe()}"),
        ];
    }
}
