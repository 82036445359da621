using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;

namespace Orchestrator.Participant.Running;

/// <summary>The participant's clock: the option's, else the one in the services, else the system's.</summary>
internal sealed class ParticipantClock(IOptions<SagaParticipantOptions> options, IServiceProvider services)
{
    internal TimeProvider Time { get; } =
        options.Value.Clock ?? services.GetService<TimeProvider>() ?? TimeProvider.System;

    /// <summary>Now, in whole milliseconds.</summary>
    internal DateTimeOffset Now() => Instants.ToMilliseconds(Time.GetUtcNow());
}
