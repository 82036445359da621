using Microsoft.Extensions.Logging.Abstractions;
using Orchestrator.Contract;
using Orchestrator.Core.Definitions;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Running;
using Orchestrator.Dapr.Translating;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Catalog;
using Orchestrator.Engine.Ports;
using Orchestrator.Tests.Core;

namespace Orchestrator.Tests.Dapr;

/// <summary>
/// A saga in an instance whose sidecar loses turns, repeats them with more behind, and lets orphans through. A list of
/// numbers is a run. Every turn is taken twice: with the fold that is kept, and from the whole history; both have to
/// answer the same.
/// </summary>
internal sealed class FoldWorld
{
    private static readonly string[] Verbs = ["cancel", "retry", "suspend", "resume", "poke", "Retry", "unheard-of"];
    private static readonly string[] StepVerbs = ["extend", "resend", "resend", "resolve", "resolve", "Extend"];

    private readonly TurnTaker keeping;
    private WorkflowResponse? lost;

    public FoldWorld(SagaDefinition definition, InstanceInput? input = null)
    {
        Catalog = CatalogOf(definition);
        keeping = Taker(Catalog);
        Sidecar = new MiniSidecar(definition, input ?? InstanceInput.Of(StartOf(definition)), Story.Start);
    }

    public CatalogState Catalog { get; }

    public MiniSidecar Sidecar { get; }

    /// <summary>The saga as it was folded last.</summary>
    public StartedSaga Saga { get; private set; } = null!;

    /// <summary>Turns that were lost and came again.</summary>
    public int Lost { get; private set; }

    /// <summary>Turns that were answered by a shorter history.</summary>
    public int Compactions { get; private set; }

    /// <summary>Whether calls are refused at times.</summary>
    public bool MayRefuse { get; set; } = true;

    public bool HasEnded => Sidecar.Status is not RunStatus.Running;

    public static SagaStarted StartOf(SagaDefinition definition) => new()
    {
        At = Story.Start,
        SagaId = "saga1",
        Definition = definition.Name,
        DefinitionVersion = definition.Version,
        Input = JsonData.FromText("{\"n\":1}"),
        ExpiresAt = Story.Start + definition.Deadline,
    };

    public static CatalogState CatalogOf(SagaDefinition definition)
    {
        var catalog = new CatalogState();
        var stored = new CatalogDefinition(new StoredDefinition(definition, Story.Start, "ann"), "");
        catalog.Load(CatalogSnapshot.Empty with
        {
            Definitions = CatalogSnapshot.Empty.Definitions.Add(definition.Name, [stored]),
        });
        return catalog;
    }

    public static TurnTaker Taker(CatalogState catalog) =>
        new(catalog, new InstanceFolds(), new Orchestrator.Dapr.Log(NullLogger<Orchestrator.Dapr.Log>.Instance));

    public void Move(int choice)
    {
        if (HasEnded) return;
        var pick = choice / 10;
        Sidecar.Now = Sidecar.Now.AddMilliseconds(pick % 7);
        switch (choice % 10)
        {
            case 0 or 1 or 2:
                if (Sidecar.Calls.Count > 0) Answer(Sidecar.Calls[pick % Sidecar.Calls.Count].Id, pick / 5);
                break;
            case 3:
                if (Sidecar.Timers.Count > 0) Sidecar.Fire(Sidecar.Timers[pick % Sidecar.Timers.Count].Id);
                break;
            case 4:
                if (pick % 3 == 0)
                    Sidecar.RaiseEvent(StepVerbs[pick / 3 % StepVerbs.Length], VerbPayload(pick / 18));
                else
                    Sidecar.RaiseEvent(Verbs[pick % Verbs.Length], pick % 2 == 0 ? null : """{"id":"v","actor":"ann"}""");
                break;
            case 5 or 6 or 7:
                Take(save: true);
                break;
            default:
                Take(save: false);
                break;
        }
    }

    /// <summary>From here on everything is answered with yes, and no turn is lost.</summary>
    public void Heal()
    {
        MayRefuse = false;
        Sidecar.RaiseEvent("resume");
        for (var round = 0; !HasEnded; round++)
        {
            round.Should().BeLessThan(300, "with fair delivery every saga ends");
            if (Sidecar.HasNews) Take(save: true);
            if (HasEnded) return;
            foreach (var (id, _) in Sidecar.Calls.ToList()) Answer(id, 0);
            if (Sidecar.HasNews) continue;
            foreach (var (id, timer) in Sidecar.Timers.ToList())
                if (!TimerNames.IsDeadline(timer.Name) || Sidecar.Timers.Count == 1)
                    Sidecar.Fire(id);
        }
    }

    /// <summary>Takes the next turn, if anything happened.</summary>
    public WorkflowResponse? Take(bool save)
    {
        if (!Sidecar.HasNews) return null;
        var request = Sidecar.Turn();
        var kept = keeping.Take(request);
        var whole = Taker(Catalog).Take(request);
        whole.Response.Should().Be(kept.Response, "what is kept from turn to turn changes nothing");
        Saga = kept.Fold!.Saga!;
        var response = kept.Response!;
        CheckRepeated(response);
        if (response.Actions.Any(action => action.Complete?.Status == RunStatus.ContinuedAsNew)) Compactions++;
        if (save)
        {
            keeping.Keep(kept);
            Sidecar.Save(request, response);
            lost = null;
        }
        else
        {
            // The engine does not know that its answer was not saved.
            keeping.Keep(kept);
            Sidecar.Lose(response);
            lost = response;
            Lost++;
        }

        return response;
    }

    /// <summary>What an operator's verb says of a step; a verb takes what it needs of it.</summary>
    private string VerbPayload(int pick)
    {
        var step = Sidecar.Definition.Steps[pick % Sidecar.Definition.Steps.Length].Name;
        var at = Instants.Write(Story.Start + Sidecar.Definition.Deadline + TimeSpan.FromSeconds(pick % 5 * 30));
        var data = pick % 2 == 0 ? $$""","data":{"n":{{pick % 4}}}""" : "";
        var word = pick % 3 == 0 ? "done" : "undone";
        return $$"""{"id":"v","actor":"ann","step":"{{step}}","expiresAt":"{{at}}","as":"{{word}}"{{data}}}""";
    }

    /// <summary>A turn that comes again repeats its calls with their ids, whatever came behind it.</summary>
    private void CheckRepeated(WorkflowResponse response)
    {
        foreach (var action in lost?.Actions ?? [])
            if (action.KindCase == WorkflowAction.KindOneofCase.ScheduleTask)
                response.Actions.Should().Contain(action);
    }

    private void Answer(int id, int pick) => Sidecar.Answer(id, (pick % 6) switch
    {
        3 when MayRefuse => new Answer { Status = 409, Code = SagaCodes.Refused, Text = "no" },
        4 when MayRefuse => new Answer { Status = 0, Silence = Silence.TimedOut },
        5 when MayRefuse => new Answer { Status = 503 },
        _ => new Answer { Status = 200, Output = JsonData.FromText("{}") },
    });
}
