using System.Globalization;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;
using Orchestrator.Service.Api.Problems;
using Orchestrator.Service.Api.Sagas;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Api.Streams;

/// <summary>The streams of server-sent events, so many at once and no more.</summary>
internal sealed class EventStreams(
    ISagaFeed feed, ISagaEngine engine, IEngineHealth health, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>The media type.</summary>
    public const string ContentType = "text/event-stream";

    private const string LastEventId = "Last-Event-ID";

    private int open;

    /// <summary>
    /// <c>GET /sagas/{id}/events</c>: the saga as it is now first, or what came after the last event seen.
    /// </summary>
    public async Task<IResult> OneAsync(HttpContext http, string id)
    {
        if (TryReadAfter(http, out var after) is { } wrong) return wrong;
        return await engine.FindAsync(id, http.RequestAborted) is null
            ? ReadEndpoints.Unknown()
            : await StreamAsync(http, after ?? 0, id);
    }

    /// <summary><c>GET /events</c>: from now on, or what came after the last event seen.</summary>
    public async Task<IResult> AllAsync(HttpContext http) =>
        TryReadAfter(http, out var after) is { } wrong ? wrong : await StreamAsync(http, after, null);

    /// <summary>
    /// <c>GET /events/pulse</c>: says that something changed, so that a page can read again what it shows. Its cost
    /// does not grow with the number of changes.
    /// </summary>
    public async Task<IResult> PulseAsync(HttpContext http)
    {
        if (!TryEnter(out var refusal)) return refusal!;
        try
        {
            await using var end = StreamEnd.Of(http, lifetime, time);
            await new PulseWriter(http.Response, health, time).WriteAsync(end.Source.Token);
            return TypedResults.Empty;
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    private static Problem? TryReadAfter(HttpContext http, out long? after)
    {
        after = null;
        if (!http.Request.Headers.TryGetValue(LastEventId, out var header)) return null;
        if (header is [{ } only]
            && long.TryParse(only, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            after = number;
            return null;
        }

        return Problem.Of(
            StatusCodes.Status400BadRequest,
            ProblemCodes.BadParameter,
            $"{LastEventId} is no number this stream sent. Send the id of the last event you saw, or leave it out.");
    }

    private async Task<IResult> StreamAsync(HttpContext http, long? after, string? sagaId)
    {
        if (!TryEnter(out var refusal)) return refusal!;
        try
        {
            await RunAsync(http, after, sagaId);
            return TypedResults.Empty;
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    private bool TryEnter(out Problem? refusal)
    {
        refusal = null;
        if (Interlocked.Increment(ref open) <= ServiceLimits.EventStreams) return true;
        Interlocked.Decrement(ref open);
        refusal = Problem.Unavailable(
            ProblemCodes.TooManyStreams,
            $"{ServiceLimits.EventStreams} event streams are open, which is as many as are allowed. Close some, "
            + "or try later.");
        return false;
    }

    private async Task RunAsync(HttpContext http, long? after, string? sagaId)
    {
        await using var end = StreamEnd.Of(http, lifetime, time);
        var stream = new EventStreamWriter(http.Response, Sight.Of(http), time);
        try
        {
            await stream.WriteAsync(feed.SubscribeAsync(after, sagaId, end.Source.Token), end.Source);
        }
        catch (OperationCanceledException) when (end.Source.IsCancellationRequested)
        {
            // The reader has gone, its token is not accepted any more, or the service stops: the stream just ends, and
            // the reader resumes by its last id.
        }
    }
}
