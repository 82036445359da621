using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Http;
using Orchestrator.Participant.Running;

namespace Orchestrator.Participant.PubSub;

/// <summary>Takes a batch of endings that came over the broker. Nobody waits for an answer, so none is sent.</summary>
internal sealed class EndedEvents(
    EndedRunner runner, IHostApplicationLifetime lifetime, IOptions<SagaParticipantOptions> options,
    ILogger<EndedEvents> logger)
{
    internal async Task<Delivery> TakeAsync(StructuredEvent read, IServiceProvider services)
    {
        if (EndedReader.Complaint(read) is { } wrong) return Drop(read, wrong.Text);
        var (ended, complaint) = EndedEndpoint.Read(read.Data ?? JsonData.Null);
        if (complaint is not null) return Drop(read, complaint);
        if (options.Value.Standby) return Delivery.Again;
        try
        {
            return await runner.RunAsync(ended, services, lifetime.ApplicationStopped) == 0
                ? Delivery.Taken
                : Delivery.Again;
        }
        catch (Exception exception)
        {
            Log.EndingsFailed(logger, exception);
            return Delivery.Again;
        }
    }

    private Delivery Drop(StructuredEvent read, string why)
    {
        Log.EventDropped(logger, read[SagaAttributes.Of(SagaHeaders.Id)] ?? "(unknown)", why);
        return Delivery.Dropped;
    }
}
