using Orchestrator.Contract;
using Orchestrator.Dapr;
using Orchestrator.Service.Hosting;
using Orchestrator.Service.Security;

namespace Orchestrator.Service.Events;

/// <summary>
/// Wires what the service does with events, when there is a sidecar: publish its own, take participants' answers.
/// </summary>
internal static class EventSetup
{
    private const string RepliesPath = "/saga/replies";

    /// <summary>Adds it where a sidecar is configured. Throws <see cref="StartRefusedException" />.</summary>
    public static void AddEvents(
        this IServiceCollection services, IConfiguration configuration, SecuritySettings security)
    {
        try
        {
            if (SidecarHttpOptions.Find(configuration) is not { } sidecar) return;
            services.AddSidecarHttp(sidecar);
            services.AddSingleton(new SidecarToken(configuration["APP_API_TOKEN"], security.IsRequired));
            services.AddSingleton<ReplyEndpoint>();
        }
        catch (ArgumentException e)
        {
            throw new StartRefusedException(e.Message, e);
        }
    }

    /// <summary>The subscription and its address.</summary>
    public static void MapEvents(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<ReplyEndpoint>() is not { } replies) return;
        var sidecar = app.ServiceProvider.GetRequiredService<SidecarHttpOptions>();
        var token = app.ServiceProvider.GetRequiredService<SidecarToken>();
        if (token.TakesThisMachineAlone)
            app.ServiceProvider.GetRequiredService<ILogger<SidecarToken>>().SidecarWithoutToken();
        Subscription[] declared = [new(sidecar.PubSub, SagaTopics.Replies, RepliesPath)];
        app.MapPost(RepliesPath, (Delegate)replies.TakeAsync).ExcludeFromDescription();
        app.MapGet("/dapr/subscribe", (HttpContext http) => token.Admits(http.Request)
                ? Results.Json(declared, EventJson.Default.SubscriptionArray)
                : Results.StatusCode(StatusCodes.Status401Unauthorized))
            .ExcludeFromDescription();
    }
}
