using System.Globalization;
using Orchestrator.Engine;

namespace Orchestrator.Service.Health;

/// <summary>
/// Says whether starts are accepted and what is due gets done. Safe for any number of threads, cheap.
/// </summary>
internal sealed class Readiness(IEngineHealth engine, IHostApplicationLifetime lifetime)
{
    /// <summary>Age of the oldest due work.</summary>
    public TimeSpan OldestDueAge => engine.Figures.OldestDueAge;

    /// <summary>What a person should change although starts are accepted; null when there is nothing.</summary>
    public string? Warning => engine.Warning;

    /// <summary>What is wrong, in a sentence; null when nothing is.</summary>
    public string? WhyNot()
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return "The service is stopping.";
        if (engine.NotReady is { } reason) return reason;
        var age = OldestDueAge;
        return age <= ServiceLimits.OldestDueWork
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The oldest due work has waited for {age.TotalSeconds:0} s, longer than "
                + $"{ServiceLimits.OldestDueWork.TotalSeconds:0} s: "
                + $"the engine does not get its work done. Its log has the cause; see also /metrics.");
    }
}
