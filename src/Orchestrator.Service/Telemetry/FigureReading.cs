using Orchestrator.Engine;
using Orchestrator.Engine.Measuring;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Health;

namespace Orchestrator.Service.Telemetry;

/// <summary>All figures of one moment.</summary>
/// <param name="IsReady">Whether starts are accepted.</param>
/// <param name="HasWarning">Whether a person should change something.</param>
/// <param name="Engine">The engine's counts.</param>
/// <param name="Meter">What it has measured.</param>
/// <param name="Participants">The registry.</param>
/// <param name="Process">What the process costs.</param>
internal sealed record FigureReading(
    bool IsReady, bool HasWarning, EngineFigures Engine, MeterFigures Meter,
    IReadOnlyList<ParticipantEntry> Participants, ProcessFigures Process);

/// <summary>What the process itself costs.</summary>
internal sealed record ProcessFigures(TimeSpan Processor, long Resident, int Threads)
{
    /// <summary>Of this moment.</summary>
    public static ProcessFigures Now()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new ProcessFigures(process.TotalProcessorTime, process.WorkingSet64, process.Threads.Count);
    }
}

/// <summary>Reads the figures. Safe for any number of threads.</summary>
internal sealed class FigureReader(
    IEngineHealth engine, EngineMeter meter, IParticipantRegistry registry, Readiness readiness, TimeProvider time)
{
    private readonly Lock gate = new();
    private FigureReading? kept;
    private long keptAt;

    /// <summary>The figures of this moment.</summary>
    public FigureReading Read() => new(
        readiness.WhyNot() is null, readiness.Warning is not null, engine.Figures, meter.Read(), registry.List(),
        ProcessFigures.Now());

    /// <summary>
    /// At most so old: a meter asks for each of its figures by itself, and all of them are to be of one moment.
    /// </summary>
    public FigureReading ReadShared()
    {
        lock (gate)
        {
            if (kept is not null && time.GetElapsedTime(keptAt) < ServiceLimits.SharedReading) return kept;
            keptAt = time.GetTimestamp();
            return kept = Read();
        }
    }
}
