using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Service.Api.Bodies;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>What operators do to one step of a saga: resend, resolve.</summary>
internal sealed class StepEndpoints(ISagaEngine engine)
{
    private static readonly string[] OfResend = ["data"];
    private static readonly string[] OfResolve = ["as", "output"];

    /// <summary><c>POST /sagas/{id}/steps/{step}/resend</c>.</summary>
    public Task<IResult> ResendAsync(HttpContext http, string id, string step) => SubmitAsync(
        http, id, OfResend, (fields, actor, reason) => new SagaVerb.Resend
        {
            Actor = actor,
            Reason = reason,
            Step = step,
            Data = fields.Data("data"),
        });

    /// <summary><c>POST /sagas/{id}/steps/{step}/resolve</c>.</summary>
    public Task<IResult> ResolveAsync(HttpContext http, string id, string step) => SubmitAsync(
        http, id, OfResolve, (fields, actor, reason) =>
        {
            var resolution = ReadResolution(fields);
            var output = fields.Data("output");
            if (output is not null && resolution == Resolution.Undone)
                fields.Add("output", "\"output\" belongs to a step that is done. Leave it out.");
            return new SagaVerb.Resolve
            {
                Actor = actor,
                Reason = reason,
                Step = step,
                As = resolution,
                Output = output,
            };
        });

    private static Resolution ReadResolution(BodyFields fields)
    {
        switch (fields.Text("as", ServiceLimits.ReasonLength))
        {
            case "done":
                return Resolution.Done;
            case "undone":
                return Resolution.Undone;
            default:
                fields.Add("as", "\"as\" must be \"done\" or \"undone\": what became of the step.");
                return Resolution.Undone;
        }
    }

    private async Task<IResult> SubmitAsync(
        HttpContext http, string id, string[] known, Func<BodyFields, string, string?, SagaVerb> verb)
    {
        if (ActorHeader.TryRead(http.Request.Headers, out var actor) is { } nobody) return nobody;
        var body = await VerbBody.ReadAsync(
            http.Request, ServiceLimits.BodyBytes, known, (fields, reason) => verb(fields, actor, reason),
            http.RequestAborted);
        return body.Problem ?? VerbAnswers.Of(http, await engine.SubmitAsync(id, body.Value, http.RequestAborted));
    }
}
