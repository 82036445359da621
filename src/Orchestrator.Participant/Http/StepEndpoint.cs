using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;

namespace Orchestrator.Participant.Http;

/// <summary><c>POST {prefix}/{action}/do|confirm|undo|extend</c>: reads a command, runs it, writes its answer.</summary>
internal sealed class StepEndpoint(
    CommandRunner runner, Answers answers, TokenCheck token, ParticipantClock clock, IHostApplicationLifetime lifetime,
    IOptions<SagaParticipantOptions> options, ILogger<StepEndpoint> logger)
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

    // A caller that hangs up does not stop what has begun: it would come again and wait for the same work. Only the host's end does.
    private async Task RunAsync(HttpContext http, StepHandlers step, LedgerCommand command)
    {
        LedgerAnswer answer;
        try
        {
            answer = await runner.RunAsync(step, command, http.RequestServices, lifetime.ApplicationStopped);
        }
        catch (LedgerBusyException busy)
        {
            Log.DatabaseBusy(logger, WireWords.Of(command.Kind), command.SagaId, command.Step, busy);
            await answers.RefuseBusyAsync(http);
            return;
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(logger, WireWords.Of(command.Kind), command.SagaId, command.Step, exception);
            await answers.RefuseAsync(http, 500, SagaCodes.Failed,
                "The participant failed. Nothing was changed; send the command again. Its log says why.");
            return;
        }

        await answers.WriteAsync(http, answer);
    }
}
