using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Service.Api.Bodies;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Sagas;

/// <summary><c>POST /sagas/{id}/extend</c>: asks the participants first and answers with what they said.</summary>
internal sealed class ExtendEndpoint(ISagaEngine engine, WaitForEnd wait, TimeProvider time)
{
    private static readonly string[] Known = ["deadline"];

    /// <summary>Checks the shape, submits the verb and waits for the answers.</summary>
    public async Task<IResult> ExtendAsync(HttpContext http, string id)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        var body = await VerbBody.ReadAsync(
            http.Request, ServiceLimits.SmallBodyBytes, Known,
            (fields, reason) => (Deadline: Deadline(fields), Reason: reason), http.RequestAborted);
        if (body.Problem is { } bad) return bad;
        if (await engine.FindAsync(id, http.RequestAborted) is not { } saga) return ReadEndpoints.Unknown();
        var problems = new List<ProblemItem>();
        var now = Instants.ToMilliseconds(time.GetUtcNow());
        if (StartDeadline.Read(body.Value.Deadline, saga.Definition, now, problems, saga.Start.At) is not { } to)
            return Problem.Invalid("deadline", $"Nobody was asked: {problems[0].Message}", problems);
        var verb = new SagaVerb.Extend { Actor = actor, Reason = body.Value.Reason, ExpiresAt = to };
        var outcome = await engine.SubmitAsync(id, verb, http.RequestAborted);
        if (outcome is not VerbOutcome.Accepted accepted) return VerbAnswers.Of(http, outcome);
        var then = await wait.UntilAsync(
            accepted.Saga, present => !IsAsked(present, to), ServiceLimits.LongestWait, http.RequestAborted);
        return Answer(http, then, to);
    }

    private static string? Deadline(BodyFields fields)
    {
        var text = fields.Text("deadline", ServiceLimits.ReasonLength);
        if (text is null)
            fields.Add("deadline", "\"deadline\" must say how long from now, such as \"10m\", or until which instant.");
        return text;
    }

    private static bool IsAsked(StartedSaga saga, DateTimeOffset to) =>
        saga is Doing { Extension: { Progress: ExtensionProgress.Asking } asking } && asking.To == to;

    /// <summary>A caller that has waited for long is told that they are still being asked: 202.</summary>
    private static IResult Answer(HttpContext http, StartedSaga saga, DateTimeOffset to)
    {
        if (saga.ExpiresAt >= to) return JsonAnswer.Ok(SagaView.Whole(saga, http), WireJson.Types.SagaBody);
        return IsAsked(saga, to)
            ? JsonAnswer.Accepted(SagaView.Whole(saga, http), WireJson.Types.SagaBody)
            : NotExtended(saga, to);
    }

    private static Problem NotExtended(StartedSaga saga, DateTimeOffset to)
    {
        var asked = saga.Steps.Where(step => step is { IsArmed: true, Do: not CallState.NotSent }).ToList();
        var extended = asked.Where(step => step.HeldUntil >= to).Select(Name).ToList();
        var not = asked.Where(step => !(step.HeldUntil >= to)).ToList();
        var why = saga is Doing
            ? ""
            : $" The saga is {Words.Of(saga.Phase())} meanwhile: {saga.Reason()?.Text ?? "it went on"}.";
        return Problem.NotExtended(
            $"The deadline stays at {Instants.Write(saga.ExpiresAt)}. Extended: {List(extended)}. "
            + $"Not extended: {List([.. not.Select(WithCause)])}.{why} Ask again, or let the deadline rule.",
            StepVerbs.OfSaga(saga), extended, [.. not.Select(Name)]);
    }

    private static string Name(StepState step) => step.Definition.Name;

    private static string WithCause(StepState step) => step.Extend switch
    {
        CallState.Answered { Verdict: Verdict.Failed failed } =>
            $"{Name(step)} at {step.Definition.Participant} ({failed.Text})",
        _ => $"{Name(step)} at {step.Definition.Participant} (no answer)",
    };

    private static string List(List<string> names) => names.Count == 0 ? "nobody" : string.Join(", ", names);
}
