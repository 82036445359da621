namespace Orchestrator.Engine.Ports;

/// <summary>Makes the ids of new sagas. Safe for any number of threads.</summary>
public interface ISagaIds
{
    /// <summary>
    /// An id that was never given before by any process: 32 lower-case hexadecimal digits. Ids made later sort later,
    /// as far as the clocks agree.
    /// </summary>
    /// <param name="at">The instant of the start.</param>
    string Next(DateTimeOffset at);
}
