using System.Globalization;
using System.Text;
using System.Text.Json;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Sagas;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Streams;

/// <summary>
/// Writes one stream of server-sent events, with a comment now and then so that a cut connection is noticed.
/// </summary>
internal sealed class EventStreamWriter(HttpResponse response, Sight sight, TimeProvider time)
{
    private static readonly byte[] Opening = "retry: 2000\n\n"u8.ToArray();
    private static readonly byte[] Heartbeat = ": still here\n\n"u8.ToArray();

    /// <summary>Writes until the changes end, which they do when <paramref name="end" /> is cancelled.</summary>
    public async Task WriteAsync(IAsyncEnumerable<SagaChange> changes, CancellationTokenSource end)
    {
        var reader = changes.GetAsyncEnumerator(end.Token);
        var next = reader.MoveNextAsync().AsTask();
        try
        {
            response.ContentType = EventStreams.ContentType;
            response.Headers.CacheControl = "no-store";
            response.Headers["X-Accel-Buffering"] = "no";
            await response.BodyWriter.WriteAsync(Opening, end.Token);
            while (await HasNextAsync(next, end.Token))
            {
                Write(reader.Current);
                next = reader.MoveNextAsync().AsTask();
                if (!next.IsCompleted) await response.BodyWriter.FlushAsync(end.Token);
            }
        }
        finally
        {
            // A reader must not be disposed while it moves.
            await end.CancelAsync();
            await next.ContinueWith(
                static done => done.Exception,
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
            await reader.DisposeAsync();
        }
    }

    private async Task<bool> HasNextAsync(Task<bool> next, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await next.WaitAsync(ServiceLimits.Heartbeat, time, cancel);
            }
            catch (TimeoutException) when (!next.IsCompleted)
            {
                await response.BodyWriter.WriteAsync(Heartbeat, cancel);
            }
        }
    }

    private void Write(SagaChange change)
    {
        var writer = response.BodyWriter;
        Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"event: saga\nid: {change.Number}\ndata: "), writer);
        var options = new JsonWriterOptions { SkipValidation = true, Encoder = WireJson.Types.Options.Encoder };
        using (var json = new Utf8JsonWriter(writer, options))
            JsonSerializer.Serialize(json, SagaView.Line(change.Saga, sight), WireJson.Types.SummaryBody);
        Encoding.ASCII.GetBytes("\n\n", writer);
    }
}
