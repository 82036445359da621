namespace Shop.Story;

/// <summary>
/// What joins a service to the others: the line its commands come in by and, when it has a sidecar of its own, the line
/// it publishes by.
/// </summary>
internal sealed class ServiceLines(NetworkLine inward, NetworkLine? outward) : IAsyncDisposable
{
    /// <summary>Where the commands go in.</summary>
    internal Uri Address => inward.Address;

    /// <summary>Where the service finds its sidecar; null when it has none.</summary>
    internal Uri? Sidecar => outward?.Address;

    /// <summary>Done once the service has been cut off.</summary>
    internal Task WasCut => inward.WasCut;

    /// <summary>Nothing comes in or goes out.</summary>
    internal void Cut()
    {
        inward.Cut();
        outward?.Cut();
    }

    /// <summary>Commands come in; what the service answers or publishes never arrives.</summary>
    internal void LoseAnswers()
    {
        inward.LoseAnswers();
        outward?.Cut();
    }

    /// <summary>Cut off the moment a request that starts like this is about to come in; that one does not.</summary>
    internal void CutBefore(string requestStart) => inward.CutBefore(requestStart);

    /// <summary>Everything passes again, on new connections.</summary>
    internal void Mend()
    {
        outward?.Mend();
        inward.Mend();
    }

    public async ValueTask DisposeAsync()
    {
        await inward.DisposeAsync();
        if (outward is not null) await outward.DisposeAsync();
    }
}
