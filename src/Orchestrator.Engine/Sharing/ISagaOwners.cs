namespace Orchestrator.Engine.Sharing;

/// <summary>Where a saga runs when several engines share a store. Safe for any number of threads.</summary>
public interface ISagaOwners
{
    /// <summary>Where it runs now. Throws <see cref="Ports.StoreUnavailableException" />.</summary>
    ValueTask<SagaPlace> FindAsync(string sagaId, CancellationToken cancel);

    /// <summary>Where the other engines are reached, as far as they have said so.</summary>
    IReadOnlyList<Uri> Others { get; }

    /// <summary>How long it may take until the sagas of an engine that died run elsewhere.</summary>
    TimeSpan TakeOver { get; }

    /// <summary>Tells the other engines where this one is reached.</summary>
    void Announce(Uri address);
}

/// <summary>Where a saga runs. A closed union.</summary>
public abstract record SagaPlace
{
    private SagaPlace()
    {
    }

    /// <summary>
    /// With this engine when it <paramref name="Runs" />; else it has ended, or there is none of that id, which every
    /// engine can say.
    /// </summary>
    public sealed record Here(bool Runs) : SagaPlace;

    /// <summary>With the engine at that address.</summary>
    public sealed record Elsewhere(Uri Address) : SagaPlace;

    /// <summary>With an engine that has left, or that has not said where it is: in a moment it is known.</summary>
    public sealed record Nowhere : SagaPlace;
}
