using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;

namespace Orchestrator.Participant.Http;

/// <summary><c>POST {prefix}/ended</c>: a batch of sagas that have ended.</summary>
internal sealed class EndedEndpoint(
    EndedRunner runner, Answers answers, TokenCheck token, IHostApplicationLifetime lifetime,
    IOptions<SagaParticipantOptions> options, ILogger<EndedEndpoint> logger)
{
    internal async Task HandleAsync(HttpContext http)
    {
        if (!token.Admits(http.Request))
        {
            await answers.RefuseUnknownAsync(http);
            return;
        }

        if (EndedReader.Complaint(name => http.Request.Headers[name]) is { } wrong)
        {
            await answers.RefuseAsync(http, 400, SagaCodes.Malformed, wrong.Text, wrong.Attribute);
            return;
        }

        if (options.Value.Standby)
        {
            await answers.WriteAsync(http, CommandDesk.Standby);
            return;
        }

        var (data, problem) = await BodyReader.ReadAsync(http.Request, options.Value.LongestBody, http.RequestAborted);
        if (problem is not null)
        {
            await answers.RefuseAsync(http, problem.Status, problem.Code, problem.Text, problem.Attribute);
            return;
        }

        var (ended, complaint) = Read(data!.Value);
        if (complaint is not null)
            await answers.RefuseAsync(http, 400, SagaCodes.Malformed, complaint, "data");
        else
            await RunAsync(http, ended);
    }

    /// <summary>Reads the lines of a batch, or says what is wrong with them.</summary>
    internal static (List<EndedSaga> Ended, string? Complaint) Read(JsonData data)
    {
        try
        {
            var ended = JsonSerializer.Deserialize(data.Utf8.Span, ContractJson.Default.ListEndedSaga) ?? [];
            return (ended, EndedReader.Complaint(ended));
        }
        catch (JsonException exception)
        {
            return ([], $"The body must be a list of {{sagaId, outcome}}; it is not at {exception.Path}.");
        }
    }

    private async Task RunAsync(HttpContext http, List<EndedSaga> ended)
    {
        var failed = 0;
        try
        {
            failed = await runner.RunAsync(ended, http.RequestServices, lifetime.ApplicationStopped);
        }
        catch (LedgerBusyException)
        {
            await answers.RefuseBusyAsync(http);
            return;
        }
        catch (Exception exception)
        {
            Log.EndingsFailed(logger, exception);
            failed = ended.Count;
        }

        if (failed > 0)
            await answers.RefuseAsync(http, 500, SagaCodes.Failed,
                (failed == 1 ? "1 ending" : $"{failed} endings")
                + " could not be recorded. Send the batch again; the others stay recorded.");
        else
            await answers.WriteAsync(http, LedgerAnswer.Accepted(LedgerState.None));
    }
}
