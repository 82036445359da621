using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Participant.Http;
using Orchestrator.Participant.PubSub;
using Orchestrator.Participant.Sql;

namespace Orchestrator.Participant;

/// <summary>Lets a participant take its commands over a broker, behind a Dapr sidecar.</summary>
public static class SagaSubscriptionExtensions
{
    /// <summary>
    /// Adds the outbox of answers and what relays it. Needs
    /// <see cref="SagaParticipantExtensions.AddSagaParticipant" /> as well, and
    /// <see cref="MapSagaSubscriptions" /> on the application.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets at least <see cref="SagaSubscriptionOptions.Participant" />.</param>
    public static IServiceCollection AddSagaSubscriptions(
        this IServiceCollection services, Action<SagaSubscriptionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SagaSubscriptionOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SagaSubscriptionOptions>, SubscriptionOptionsRules>());
        services.TryAddSingleton<SubscriptionSettings>();
        services.TryAddSingleton<OutboxTable>();
        services.TryAddSingleton<Replies>();
        services.TryAddSingleton<SidecarPublisher>();
        services.TryAddSingleton<CommandEvents>();
        services.TryAddSingleton<EndedEvents>();
        services.TryAddSingleton<EventEndpoint>();
        if (services.Any(service => service.ServiceType == typeof(OutboxRelay))) return services;
        services.AddSingleton<OutboxRelay>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<OutboxRelay>());
        return services;
    }

    /// <summary>
    /// Maps <c>POST {prefix}/events</c>, where the sidecar delivers the participant's commands, and declares the
    /// subscription at <c>GET /dapr/subscribe</c>. Map the steps with
    /// <see cref="SagaParticipantExtensions.MapSagaStep" /> as well. Call it before the host starts.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="prefix">The path before <c>/events</c>.</param>
    /// <param name="declare">
    /// False when the subscription is declared elsewhere: in a file beside the components, or in the service's own
    /// <c>/dapr/subscribe</c>.
    /// </param>
    /// <exception cref="InvalidOperationException">AddSagaSubscriptions or AddSagaParticipant was not
    /// called.</exception>
    public static IEndpointConventionBuilder MapSagaSubscriptions(
        this IEndpointRouteBuilder app, string prefix = SagaParticipantExtensions.DefaultPrefix, bool declare = true)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ServiceProvider.GetService<TokenCheck>() is not { } token)
            throw new InvalidOperationException(
                "Call services.AddSagaParticipant(...) before app.MapSagaSubscriptions().");
        if (app.ServiceProvider.GetService<SubscriptionSettings>() is not { } settings)
            throw new InvalidOperationException(
                "Call services.AddSagaSubscriptions(...) before app.MapSagaSubscriptions().");
        var events = app.ServiceProvider.GetRequiredService<EventEndpoint>();
        var group = app.MapGroup("");
        group.MapPost($"{prefix}/events", events.HandleAsync);
        if (declare)
        {
            var answers = app.ServiceProvider.GetRequiredService<Answers>();
            var list = Declaration(settings, $"{prefix}/events");
            group.MapGet("/dapr/subscribe", http => DeclareAsync(http, token, answers, list));
        }

        return group;
    }

    private static Task DeclareAsync(HttpContext http, TokenCheck token, Answers answers, byte[] list)
    {
        if (!token.Admits(http.Request)) return answers.RefuseUnknownAsync(http);
        http.Response.ContentType = AnswerBody.Json;
        return http.Response.Body.WriteAsync(list, http.RequestAborted).AsTask();
    }

    private static byte[] Declaration(SubscriptionSettings settings, string route)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            json.WriteStartObject();
            json.WriteString("pubsubname", settings.PubSub);
            json.WriteString("topic", settings.Topic);
            json.WriteString("route", route);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        return bytes.ToArray();
    }
}
