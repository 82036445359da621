using Orchestrator.Conformance;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Checks;
using Orchestrator.Conformance.Reporting;
using Orchestrator.Contract;

namespace Orchestrator.SystemTests.Conformance;

/// <summary>The kit, run in this process against a participant in another.</summary>
internal static class Kit
{
    /// <summary>Generous where only a busy machine would break what the participant keeps.</summary>
    internal static KitOptions Options(Uri address, OfferedStep step) => new()
    {
        Address = address,
        Step = step,
        Hold = TimeSpan.FromSeconds(3),
        Grace = TimeSpan.FromSeconds(6),
        Timeout = TimeSpan.FromSeconds(20),
        Time = TimeSpan.FromMinutes(4),
    };

    /// <summary>The courier of the participant in Node, in all three kinds.</summary>
    internal static KitOptions OfCourier(Uri address)
    {
        var good = new StepData("""{"day":"monday","parcels":1}""");
        var refused = new StepData("""{"day":"monday","parcels":1000}""");
        var nowhere = new StepData("""{"parcels":1}""");
        return Options(address, new OfferedStep("book-courier", WireKind.Compensatable, good, refused)) with
        {
            Pivot = new OfferedStep("send-courier", WireKind.Pivot, good, nowhere),
            Retriable = new OfferedStep("send-courier", WireKind.Retriable, good, nowhere),
            Probe = new Uri(address, "/places/monday"),
        };
    }

    internal static Task<KitSummary> PlayAsync(KitOptions options, Func<CancellationToken, Task>? restart = null)
    {
        if (restart is not null) options = options with { Restart = "(by the test)" };
        return ConformanceCommand.PlayAsync(options, Suite.Of(options), _ => { }, restart, CancellationToken.None);
    }
}
