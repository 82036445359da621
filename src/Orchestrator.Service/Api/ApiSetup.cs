using Orchestrator.Service.Api.Alerts;
using Orchestrator.Service.Api.Audit;
using Orchestrator.Service.Api.Batches;
using Orchestrator.Service.Api.Definitions;
using Orchestrator.Service.Api.Overview;
using Orchestrator.Service.Api.Participants;
using Orchestrator.Service.Api.Sagas;
using Orchestrator.Service.Api.Streams;
using Orchestrator.Service.Health;
using Orchestrator.Service.Security;
using Orchestrator.Service.Telemetry;

namespace Orchestrator.Service.Api;

/// <summary>Wires the API.</summary>
internal static class ApiSetup
{
    /// <summary>What the addresses need.</summary>
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<StartEndpoint>();
        services.AddSingleton<StartAgain>();
        services.AddSingleton<WaitForEnd>();
        services.AddSingleton<ReadEndpoints>();
        services.AddSingleton<VerbEndpoints>();
        services.AddSingleton<StepEndpoints>();
        services.AddSingleton<ExtendEndpoint>();
        services.AddSingleton<RerunEndpoint>();
        services.AddSingleton<Owners.OwnerForwarder>();
        services.AddSingleton<EventStreams>();
        services.AddSingleton<DefinitionEndpoints>();
        services.AddSingleton<DefinitionCheck>();
        services.AddSingleton<TrialEndpoint>();
        services.AddSingleton<ParticipantEndpoints>();
        services.AddSingleton<ReleaseEndpoint>();
        services.AddSingleton<AlertEndpoints>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<OverviewEndpoint>();
        services.AddSingleton<LedgerEndpoint>();
        services.AddSingleton<BatchEndpoints>();
        services.AddSingleton<BatchResultsEndpoint>();
        services.AddSingleton<AuditEndpoint>();
        services.ConfigureHttpJsonOptions(
            json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ServiceJson.Default));
        services.AddOpenApi(ApiDocument.Configure);
    }

    /// <summary>The addresses.</summary>
    public static void MapApi(this IEndpointRouteBuilder app)
    {
        app.MapOverview();
        app.MapSagas();
        app.MapDefinitions();
        app.MapParticipants();
        app.MapBatches();
        app.MapAudit();
        app.MapAlerts();
        app.MapHealth();
        app.MapMetrics();
        app.MapWhoami();
        // Under its one name: for others ASP.NET's own 404 is no problem+json.
        app.MapOpenApi("/openapi/v1.json");
    }
}
