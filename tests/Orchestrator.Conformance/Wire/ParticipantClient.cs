using System.Net.Http.Headers;
using System.Net.Sockets;
using Orchestrator.Conformance.Arguments;

namespace Orchestrator.Conformance.Wire;

/// <summary>Sends messages and brings whatever comes back. Safe for any number of threads.</summary>
internal sealed class ParticipantClient : IDisposable
{
    private readonly KitOptions options;
    private readonly TimeProvider clock;

    // A connection that is kept open would break with each restart; a new one for each message tells less of our own
    // doing and more of the participant's.
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.Zero,
        UseCookies = false,
    });

    internal ParticipantClient(KitOptions options, TimeProvider clock)
    {
        this.options = options;
        this.clock = clock;
        http.Timeout = options.Timeout;
    }

    /// <summary>Sends one message once.</summary>
    internal async Task<Reply> SendAsync(Command command, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(command.Method, AddressOf(command.Path));
        foreach (var (name, value) in command.Headers)
        {
            if (value is not null) request.Headers.TryAddWithoutValidation(name, value);
        }

        if (command.ShowsToken && options.Token is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (command.Method == HttpMethod.Post)
        {
            request.Content = new ByteArrayContent(command.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", command.ContentType);
        }

        return await SendAsync(request, cancel);
    }

    /// <summary>How far the participant's clock is ahead of ours, to a second; null when it does not tell.</summary>
    internal TimeSpan? ClockDifference { get; private set; }

    /// <summary>Null when anybody answers at the base address, whatever; else why not.</summary>
    internal async Task<string?> ReachAsync(CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf($"{options.Prefix}/nobody/nothing"));
        var reply = await SendAsync(request, cancel);
        if (reply.Date is { } date) ClockDifference = date - reply.CameAt;
        return reply.Failure;
    }

    /// <summary>The text at an address of the participant's own; null when it could not be read.</summary>
    internal async Task<string?> ReadTextAsync(Uri address, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (options.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var reply = await SendAsync(request, cancel);
        return reply is { Failure: null, Status: >= 200 and < 300 }
            ? System.Text.Encoding.UTF8.GetString(reply.Body) : null;
    }

    /// <summary>Writes bytes on a connection of their own and leaves; what comes back counts for nothing.</summary>
    internal async Task WriteRawAsync(byte[] bytes, CancellationToken cancel)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(options.Address.Host, options.Address.Port, cancel);
            var stream = socket.GetStream();
            await stream.WriteAsync(bytes, cancel);
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            enough.CancelAfter(KitLimits.ResendPause);
            _ = await stream.ReadAsync(new byte[1024], enough.Token);
        }
        catch (Exception broken) when (broken is IOException or SocketException
            || (broken is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // Whoever is sent garbage may hang up.
        }
    }

    public void Dispose() => http.Dispose();

    private Uri AddressOf(string path) => new(options.Address.ToString().TrimEnd('/') + path);

    private async Task<Reply> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            using var response = await http.SendAsync(request, cancel);
            return await Reply.ReadAsync(response, clock, cancel);
        }
        catch (HttpRequestException broken)
        {
            return Silence($"no answer: {broken.InnerException?.Message ?? broken.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Silence($"no answer within {options.Timeout.TotalSeconds:0.#} s");
        }
    }

    private Reply Silence(string why) => new() { Failure = why, CameAt = clock.GetUtcNow() };
}
