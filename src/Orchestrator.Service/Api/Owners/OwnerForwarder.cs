using Orchestrator.Engine.Sharing;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Api.Owners;

/// <summary>
/// Carries a request on to the orchestrator that owns its saga, where several share a store. What could not even be
/// delivered is delivered again, to whoever owns the saga by then; what may have been carried out is not sent twice.
/// Safe for any number of threads.
/// </summary>
internal sealed class OwnerForwarder(ISagaOwners owners, TimeProvider time) : IDisposable
{
    /// <summary>On a request that was carried on once: it is not carried on again.</summary>
    public const string HopHeader = "X-Orchestrator-Hop";

    /// <summary>On the answer of an orchestrator that does not own the saga any more.</summary>
    public const string MovedHeader = "X-Orchestrator-Moved";

    // Of the transport, or set anew by the client.
    private static readonly HashSet<string> NotCarried = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Connection", "Keep-Alive", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Proxy-Connection",
        "Content-Length", "Expect",
    };

    private readonly HttpClient client = new(new SocketsHttpHandler
    {
        ConnectTimeout = ServiceLimits.OwnerConnect,
        PooledConnectionLifetime = ServiceLimits.OwnerConnectionLifetime,
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
    })
    {
        // The caller decides for how long it waits, as it would with the owner itself.
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// Waits until it is known where the saga runs; answers what its owner answers, or null when that is here.
    /// </summary>
    public async Task<IResult?> CarryAsync(HttpContext http, string sagaId)
    {
        var from = time.GetTimestamp();
        byte[]? body = null;
        while (true)
        {
            var place = await owners.FindAsync(sagaId, http.RequestAborted);
            if (place is SagaPlace.Here) return null;
            if (http.Request.Headers.ContainsKey(HopHeader)) return Moved(http);
            if (place is SagaPlace.Elsewhere elsewhere)
            {
                body ??= await ReadAsync(http.Request, http.RequestAborted);
                if (await SendAsync(http, body, sagaId, elsewhere) is { } answer) return answer;
            }

            if (time.GetElapsedTime(from) > owners.TakeOver + ServiceLimits.OwnerPatience) return Unreachable();
            await Task.Delay(ServiceLimits.OwnerLook, time, http.RequestAborted);
        }
    }

    /// <summary>
    /// Sends a request, whose body was read, to every other orchestrator and answers what each of them said: null of
    /// one that could not be asked. None when this request was carried on itself.
    /// </summary>
    public async Task<IReadOnlyList<byte[]?>> SpreadAsync(HttpContext http, byte[] body)
    {
        if (http.Request.Headers.ContainsKey(HopHeader)) return [];
        return await Task.WhenAll(owners.Others.Select(other => AskAsync(http, body, other)));
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    private async Task<byte[]?> AskAsync(HttpContext http, byte[] body, Uri address)
    {
        using var late = new CancellationTokenSource(ServiceLimits.OwnerPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted);
        using var request = RequestOf(http.Request, body, address);
        try
        {
            using var answer = await client.SendAsync(request, both.Token);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsByteArrayAsync(both.Token) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            http.RequestAborted.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        // Read again when the saga turns out to be here by now.
        request.EnableBuffering(ServiceLimits.BodyBytes);
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy, cancel);
        request.Body.Position = 0;
        return copy.ToArray();
    }

    private async Task<IResult?> SendAsync(HttpContext http, byte[] body, string sagaId, SagaPlace.Elsewhere place)
    {
        using var stale = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        using var request = RequestOf(http.Request, body, place.Address);
        var sending = client.SendAsync(request, stale.Token);
        try
        {
            // An owner that was stopped takes the request and never answers; then another one owns the saga soon.
            while (await Task.WhenAny(sending, Task.Delay(ServiceLimits.OwnerLook, time, stale.Token)) != sending)
            {
                var now = await owners.FindAsync(sagaId, http.RequestAborted);
                // When it has ended, then by this request, and the answer is on its way.
                if (now != place && now is not SagaPlace.Here { Runs: false }) await stale.CancelAsync();
            }

            using var answer = await sending;
            if (answer.Headers.Contains(MovedHeader)) return null;
            return await CarriedAnswer.ReadAsync(answer, http.RequestAborted);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (HttpRequestException e) when (e.HttpRequestError
            is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
            or HttpRequestError.SecureConnectionError)
        {
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Problem.Of(
                StatusCodes.Status502BadGateway,
                ProblemCodes.OwnerLost,
                "The orchestrator that runs this saga broke off while it answered, so it is not known whether the "
                + "request was carried out. Read the saga, and send the request again when it was not.");
        }
    }

    private static HttpRequestMessage RequestOf(HttpRequest request, byte[] body, Uri address)
    {
        var target = new Uri(address, $"{request.PathBase}{request.Path}{request.QueryString}");
        var carried = new HttpRequestMessage(HttpMethod.Parse(request.Method), target)
        {
            Content = new ByteArrayContent(body),
        };
        foreach (var (name, values) in request.Headers)
        {
            if (NotCarried.Contains(name)) continue;
            if (!carried.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                carried.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        carried.Headers.TryAddWithoutValidation(HopHeader, "1");
        return carried;
    }

    private static Problem Moved(HttpContext http)
    {
        http.Response.Headers[MovedHeader] = "1";
        return Unreachable();
    }

    private static Problem Unreachable() => Problem.Unavailable(
        ProblemCodes.Unavailable,
        "The saga runs with another orchestrator, which cannot be reached now. Nothing was done; another one takes "
        + "over soon.");
}
