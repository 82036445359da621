using System.Globalization;
using System.Text;
using Orchestrator.Engine;

namespace Orchestrator.Service.Api.Streams;

/// <summary>
/// Writes one stream that says when something changed: the number of written transactions, whenever it is another one
/// at a look, four looks a second.
/// </summary>
internal sealed class PulseWriter(HttpResponse response, IEngineHealth health, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <summary>Writes until it is cancelled.</summary>
    public async Task WriteAsync(CancellationToken cancel)
    {
        response.ContentType = EventStreams.ContentType;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        using var timer = new PeriodicTimer(Look, time);
        var told = -1L;
        var toldAt = time.GetTimestamp();
        try
        {
            do
            {
                var change = health.Figures.Commits;
                // What is told again without a change keeps the line from being cut.
                if (change == told && time.GetElapsedTime(toldAt) < ServiceLimits.Heartbeat) continue;
                told = change;
                toldAt = time.GetTimestamp();
                var text = string.Create(
                    CultureInfo.InvariantCulture, $"event: pulse\ndata: {{\"change\": {change}}}\n\n");
                await response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes(text), cancel);
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The reader has gone, its token is not accepted any more, or the service stops: the stream just ends.
        }
    }
}
