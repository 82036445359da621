using System.Net;

namespace Orchestrator.StandIn.Apps;

/// <summary>Calls apps by their ids: invocations from others, and deliveries to the one beside this sidecar.</summary>
internal sealed class AppCaller(StandInOptions options) : IDisposable
{
    private readonly HttpClient client =
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    /// <summary>The app beside this sidecar.</summary>
    public string OwnApp => options.AppId;

    /// <summary>Where the component files are; null when there are none.</summary>
    public string? Resources => options.Resources;

    /// <summary>
    /// Sends a request whose address is relative to an app. Throws <see cref="HttpRequestException" /> when the app is
    /// not known or not reached.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(string app, HttpRequestMessage request, CancellationToken cancel)
    {
        if (!options.Apps.TryGetValue(app, out var address))
            throw new HttpRequestException($"couldn't find service: {app}", null, HttpStatusCode.InternalServerError);
        request.RequestUri = new Uri(address, request.RequestUri!);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    public void Dispose() => client.Dispose();
}
