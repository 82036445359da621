using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shop.Story;

/// <summary>
/// A piece of network in front of one program: a TCP proxy on 127.0.0.1 that can be cut, mended, or made to
/// delay everything or lose what is answered. Neither side knows of it.
/// </summary>
internal sealed class NetworkLine : IAsyncDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly TcpListener listener;
    private readonly IPEndPoint target;
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<Socket, byte> open = new();
    private readonly Task accepting;
    private volatile LineState state = LineState.Open;
    private volatile string? cutBefore;
    private volatile int delayMilliseconds;
    private TaskCompletionSource cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A line to a port of 127.0.0.1, from another one or else from any free one.</summary>
    internal NetworkLine(int targetPort, int? port = null)
    {
        target = new IPEndPoint(IPAddress.Loopback, targetPort);
        listener = new TcpListener(IPAddress.Loopback, port ?? ShopPorts.FreeOne());
        listener.Start();
        Address = new Uri($"http://{listener.LocalEndpoint}");
        accepting = AcceptAsync();
    }

    private enum LineState
    {
        Open,
        LosesAnswers,
        Cut,
    }

    /// <summary>This end of the line.</summary>
    internal Uri Address { get; }

    /// <summary>Done once the line has been cut.</summary>
    internal Task WasCut => cut.Task;

    /// <summary>Breaks every connection and lets none through.</summary>
    internal void Cut()
    {
        state = LineState.Cut;
        DropAll();
        cut.TrySetResult();
    }

    /// <summary>Lets requests through; what is answered never arrives.</summary>
    internal void LoseAnswers() => state = LineState.LosesAnswers;

    /// <summary>Everything passes, each way so much later.</summary>
    internal void Delay(TimeSpan delay) => delayMilliseconds = (int)delay.TotalMilliseconds;

    /// <summary>Cuts itself the moment a request that starts like this is about to pass; that one does not.</summary>
    internal void CutBefore(string requestStart)
    {
        cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cutBefore = requestStart;
    }

    /// <summary>Everything passes again, on new connections.</summary>
    internal void Mend()
    {
        cutBefore = null;
        delayMilliseconds = 0;
        DropAll();
        state = LineState.Open;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        DropAll();
        await accepting;
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await listener.AcceptSocketAsync(closing.Token);
                _ = CarryAsync(near);
            }
        }
        catch (OperationCanceledException)
        {
            // The line is being taken down.
        }
        catch (SocketException) when (closing.IsCancellationRequested)
        {
            // The same.
        }
    }

    private async Task CarryAsync(Socket near)
    {
        using var far = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        open[near] = 0;
        open[far] = 0;
        try
        {
            if (state == LineState.Cut) return;
            near.NoDelay = far.NoDelay = true;
            await far.ConnectAsync(target, closing.Token);
            await Task.WhenAny(PumpRequestsAsync(near, far), PumpAnswersAsync(far, near));
        }
        catch (Exception broken)
            when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A broken connection is what this class is for.
        }
        finally
        {
            open.TryRemove(far, out _);
            open.TryRemove(near, out _);
            Break(near);
        }
    }

    private async Task PumpRequestsAsync(Socket near, Socket far)
    {
        var buffer = new byte[BufferBytes];
        while (await near.ReceiveAsync(buffer, closing.Token) is var count and > 0)
        {
            if (cutBefore is { } start
                && Encoding.ASCII.GetString(buffer, 0, count).Contains(start, StringComparison.Ordinal))
                Cut();
            await TravelAsync();
            if (state == LineState.Cut) return;
            await far.SendAsync(buffer.AsMemory(0, count), closing.Token);
        }
    }

    private async Task PumpAnswersAsync(Socket far, Socket near)
    {
        var buffer = new byte[BufferBytes];
        while (await far.ReceiveAsync(buffer, closing.Token) is var count and > 0)
        {
            await TravelAsync();
            if (state == LineState.Cut) return;
            if (state == LineState.Open) await near.SendAsync(buffer.AsMemory(0, count), closing.Token);
        }
    }

    private Task TravelAsync() => delayMilliseconds is > 0 and var delay
        ? Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System, closing.Token) : Task.CompletedTask;

    private void DropAll()
    {
        foreach (var socket in open.Keys) Break(socket);
    }

    // A reset, not a polite end: the other side must not take silence for an answer.
    private static void Break(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It is broken already.
        }

        socket.Dispose();
    }
}
