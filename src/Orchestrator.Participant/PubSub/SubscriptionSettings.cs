using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;

namespace Orchestrator.Participant.PubSub;

/// <summary>The options with what the sidecar's environment adds to them.</summary>
internal sealed class SubscriptionSettings
{
    private const int DefaultPort = 3500;

    public SubscriptionSettings(IOptions<SagaSubscriptionOptions> options, IServiceProvider services)
    {
        var given = options.Value;
        var configuration = services.GetService<IConfiguration>();
        Participant = given.Participant;
        PubSub = given.PubSub;
        RelayReplies = given.RelayReplies;
        LongestPause = given.LongestPause;
        SidecarToken = given.SidecarToken ?? Text(configuration, "DAPR_API_TOKEN");
        SidecarAddress = given.SidecarAddress ?? AddressOf(configuration);
        Topic = SagaTopics.Commands(Participant);
    }

    internal string Participant { get; }

    internal string Topic { get; }

    internal string PubSub { get; }

    internal bool RelayReplies { get; }

    internal TimeSpan LongestPause { get; }

    internal Uri SidecarAddress { get; }

    internal string? SidecarToken { get; }

    private static Uri AddressOf(IConfiguration? configuration)
    {
        if (Text(configuration, "DAPR_HTTP_ENDPOINT") is { } endpoint)
        {
            return Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? address
                : throw new OptionsValidationException(nameof(SagaSubscriptionOptions), typeof(SagaSubscriptionOptions),
                    [$"DAPR_HTTP_ENDPOINT is \"{endpoint}\"; set it to an address such as http://127.0.0.1:3500."]);
        }

        var port = Text(configuration, "DAPR_HTTP_PORT") is { } text
            ? ushort.TryParse(text, CultureInfo.InvariantCulture, out var read) && read > 0
                ? read
                : throw new OptionsValidationException(nameof(SagaSubscriptionOptions), typeof(SagaSubscriptionOptions),
                    [$"DAPR_HTTP_PORT is \"{text}\"; set it to the port of the sidecar, 1 to 65535."])
            : DefaultPort;
        return new Uri($"http://127.0.0.1:{port}");
    }

    private static string? Text(IConfiguration? configuration, string key) =>
        configuration?[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
