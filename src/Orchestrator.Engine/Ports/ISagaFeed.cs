namespace Orchestrator.Engine.Ports;

/// <summary>Tells what changes, as it changes. Safe for any number of threads; a slow reader holds up nobody.</summary>
public interface ISagaFeed
{
    /// <summary>
    /// The changes after number <paramref name="after" />, or from now on when it is null; of one saga when
    /// <paramref name="sagaId" /> is given. No saga's last change is left out: a reader that falls behind is given each
    /// saga as it is by then, numbers always rising. Ends only by <paramref name="cancel" />, with
    /// <see cref="OperationCanceledException" />.
    /// </summary>
    IAsyncEnumerable<SagaChange> SubscribeAsync(long? after, string? sagaId, CancellationToken cancel);
}
