using System.Net.Sockets;

namespace Orchestrator.Conformance.Wire;

/// <summary>
/// A connection on which nothing is said: it is over when the process at its other end is, however that ended.
/// </summary>
internal sealed class OpenLine : IDisposable
{
    private readonly TcpClient socket = new();

    /// <summary>Opens it; false when nobody listens there.</summary>
    internal async Task<bool> TryOpenAsync(Uri address, CancellationToken cancel)
    {
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>False when it is still open after so long.</summary>
    internal async Task<bool> IsOverAsync(TimeSpan patience, CancellationToken cancel)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        enough.CancelAfter(patience);
        try
        {
            // Whatever comes on it is a goodbye.
            _ = await socket.GetStream().ReadAsync(new byte[1], enough.Token);
            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => socket.Dispose();
}
