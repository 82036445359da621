using Microsoft.Extensions.Configuration;

namespace Orchestrator.Dapr;

/// <summary>Where the sidecar is and how long it is waited for.</summary>
public sealed record DaprOptions
{
    private const string Local = "127.0.0.1";

    /// <summary>
    /// The sidecar's gRPC address, <c>http</c> (HTTP/2 without TLS) or <c>https</c>; from <c>DAPR_GRPC_ENDPOINT</c>,
    /// else from <c>DAPR_GRPC_PORT</c> on this machine.
    /// </summary>
    public required Uri GrpcEndpoint { get; init; }

    /// <summary>
    /// The sidecar's HTTP address; from <c>DAPR_HTTP_ENDPOINT</c>, else from <c>DAPR_HTTP_PORT</c> on this machine.
    /// </summary>
    public required Uri HttpEndpoint { get; init; }

    /// <summary>
    /// Sent as <c>dapr-api-token</c> with every call; null when the sidecar asks for none. From <c>DAPR_API_TOKEN</c>.
    /// </summary>
    public string? ApiToken { get; init; }

    /// <summary>How long a management call may take; more than zero. Default 10 s.</summary>
    public TimeSpan CallTimeout { get; init; } = DaprLimits.DefaultCallTimeout;

    /// <summary>How long the answer to a work item may take to be taken; more than zero. Default 30 s.</summary>
    public TimeSpan CompletionTimeout { get; init; } = DaprLimits.DefaultCompletionTimeout;

    /// <summary>
    /// Bytes of one message to the sidecar; 64 KiB to 256 MiB. Default 4 MiB, the sidecar's own default: raise both
    /// together (<c>--max-body-size</c>).
    /// </summary>
    public int MaxMessageBytes { get; init; } = DaprLimits.DefaultMaxMessageBytes;

    /// <summary>
    /// Bytes of one message from the sidecar; 64 KiB to 256 MiB. Default 64 MiB. A larger item of work is left out, and
    /// the others go on.
    /// </summary>
    public int MaxReceivedBytes { get; init; } = DaprLimits.DefaultMaxReceivedBytes;

    /// <summary>
    /// Reads what <c>dapr run</c> and the sidecar injector set in the environment, which is part of the configuration.
    /// Throws <see cref="ArgumentException" /> with a sentence that names what to set.
    /// </summary>
    public static DaprOptions Read(IConfiguration configuration)
    {
        var token = configuration["DAPR_API_TOKEN"];
        var options = new DaprOptions
        {
            GrpcEndpoint = Endpoint(configuration, "DAPR_GRPC_ENDPOINT", "DAPR_GRPC_PORT"),
            HttpEndpoint = HttpEndpointOf(configuration),
            ApiToken = string.IsNullOrWhiteSpace(token) ? null : token.Trim(),
        };
        options.Validate();
        return options;
    }

    /// <summary>The HTTP address alone.</summary>
    internal static Uri HttpEndpointOf(IConfiguration configuration) =>
        Endpoint(configuration, "DAPR_HTTP_ENDPOINT", "DAPR_HTTP_PORT");

    /// <summary>Throws <see cref="ArgumentException" /> with a sentence that names the wrong option.</summary>
    internal void Validate()
    {
        CheckEndpoint(GrpcEndpoint, nameof(GrpcEndpoint));
        CheckEndpoint(HttpEndpoint, nameof(HttpEndpoint));
        CheckToken();
        MoreThanZero(CallTimeout, nameof(CallTimeout));
        MoreThanZero(CompletionTimeout, nameof(CompletionTimeout));
        CheckBytes(MaxMessageBytes, nameof(MaxMessageBytes));
        CheckBytes(MaxReceivedBytes, nameof(MaxReceivedBytes));
    }

    private static void CheckBytes(int value, string name)
    {
        if (value is < 64 * 1024 or > DaprLimits.MostMaxMessageBytes)
            throw Wrong(
                $"{name} is {value}; it must be {64 * 1024} to {DaprLimits.MostMaxMessageBytes}.", name);
    }

    private static void MoreThanZero(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero) throw Wrong($"{name} is {value}; it must be more than zero.", name);
    }

    private static void CheckEndpoint(Uri endpoint, string name)
    {
        if (!endpoint.IsAbsoluteUri || endpoint.Scheme is not ("http" or "https"))
            throw Wrong($"{name} is \"{endpoint}\"; it must be an http or https address with a port.", name);
        if (endpoint.UserInfo.Length > 0)
            throw Wrong($"{name} holds a user name; give the sidecar's token as DAPR_API_TOKEN instead.", name);
    }

    /// <summary>The token is a header; its text is never shown.</summary>
    private void CheckToken()
    {
        if (ApiToken is { } token && token.Any(c => c is < ' ' or > '~'))
            throw Wrong("DAPR_API_TOKEN holds characters that a header cannot carry.", nameof(ApiToken));
    }

    private static ArgumentException Wrong(string sentence, string option) => new(sentence, option);

    private static Uri Endpoint(IConfiguration configuration, string addressName, string portName)
    {
        if (configuration[addressName] is { } address && !string.IsNullOrWhiteSpace(address))
            return Address(address.Trim(), addressName);
        if (configuration[portName] is not { } port || string.IsNullOrWhiteSpace(port))
        {
            throw Wrong(
                $"No sidecar is named: start the service with `dapr run`, or set {portName} to the port of its sidecar "
                + $"(or {addressName} to the address).",
                portName);
        }

        if (!ushort.TryParse(port, out var number) || number == 0)
            throw Wrong($"{portName} is \"{port}\"; set it to a port, 1 to 65535.", portName);
        return new UriBuilder(Uri.UriSchemeHttp, Local, number).Uri;
    }

    /// <summary>An address with or without a scheme; Dapr also writes <c>host:port?tls=true</c>.</summary>
    private static Uri Address(string text, string name)
    {
        var tls = text.EndsWith("?tls=true", StringComparison.OrdinalIgnoreCase);
        var query = text.IndexOf('?', StringComparison.Ordinal);
        var bare = query < 0 ? text : text[..query];
        if (bare.StartsWith("dns:", StringComparison.OrdinalIgnoreCase)) bare = bare[4..].TrimStart('/');
        var full = bare.Contains("://", StringComparison.Ordinal) ? bare : (tls ? "https://" : "http://") + bare;
        if (Uri.TryCreate(full, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            && address.Host.Length > 0)
            return address;
        throw Wrong($"{name} is \"{text}\"; set it to an address such as http://{Local}:50001.", name);
    }
}
