using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;

namespace Orchestrator.Participant.Http;

/// <summary>
/// <c>POST {prefix}/{action}/do|confirm|undo|extend</c>: reads a command, runs it, writes its answer.
/// </summary>
internal sealed class StepEndpoint(
    CommandDesk desk, Answers answers, TokenCheck token, ParticipantClock clock,
    IOptions<SagaParticipantOptions> options)
{
    internal async Task HandleAsync(HttpContext http, StepHandlers step, CommandKind kind)
    {
        if (!token.Admits(http.Request))
        {
            await answers.RefuseUnknownAsync(http);
            return;
        }

        var reading = CommandReader.Read(kind, step.Action, name => Header(http.Request, name), clock.Now());
        switch (reading)
        {
            case CommandReading.Malformed malformed:
                await answers.RefuseAsync(http, 400, SagaCodes.Malformed, malformed.Text, malformed.Attribute);
                return;
            case CommandReading.Readable readable when kind == CommandKind.Do:
                await HandleDoAsync(http, step, readable.Command);
                return;
            case CommandReading.Readable readable:
                await RunAsync(http, step, readable.Command);
                return;
            default:
                throw new System.Diagnostics.UnreachableException($"Unknown reading {reading.GetType().Name}.");
        }
    }

    private static string? Header(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    private async Task HandleDoAsync(HttpContext http, StepHandlers step, LedgerCommand command)
    {
        var (data, problem) = await BodyReader.ReadAsync(http.Request, options.Value.LongestBody, http.RequestAborted);
        if (problem is not null)
            await answers.RefuseAsync(http, problem.Status, problem.Code, problem.Text, problem.Attribute);
        else
            await RunAsync(http, step, command.WithData(data!.Value));
    }

    private async Task RunAsync(HttpContext http, StepHandlers step, LedgerCommand command) =>
        await answers.WriteAsync(http, await desk.AnswerAsync(step, command, http.RequestServices));
}
