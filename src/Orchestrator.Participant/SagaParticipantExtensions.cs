using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orchestrator.Contract;
using Orchestrator.Contract.Ledger;
using Orchestrator.Participant.Http;
using Orchestrator.Participant.Running;
using Orchestrator.Participant.Sql;
using Orchestrator.Participant.Watching;

namespace Orchestrator.Participant;

/// <summary>Makes an ASP.NET Core service a participant of sagas.</summary>
public static class SagaParticipantExtensions
{
    /// <summary>The path below which steps are mapped unless told otherwise.</summary>
    public const string DefaultPrefix = "/saga";

    /// <summary>
    /// Adds the ledger and the watcher that undoes expired steps. The watcher creates the ledger's tables and runs once
    /// before the first request is served.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">
    /// Sets at least the database:
    /// <see cref="SagaParticipantOptions.UseDatabase(LedgerDialect, Func{System.Data.Common.DbConnection})" />.
    /// </param>
    public static IServiceCollection AddSagaParticipant(
        this IServiceCollection services, Action<SagaParticipantOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<SagaParticipantOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<SagaParticipantOptions>, OptionsRules>());
        services.AddMetrics();
        services.TryAddSingleton<StepRegistry>();
        services.TryAddSingleton<ParticipantClock>();
        services.TryAddSingleton<LedgerDatabase>();
        services.TryAddSingleton<LedgerTable>();
        services.TryAddSingleton<LedgerMeter>();
        services.TryAddSingleton<Alarm>();
        services.TryAddSingleton<FailedUndos>();
        services.TryAddSingleton<UndoHandlers>();
        services.TryAddSingleton<DueUndos>();
        services.TryAddSingleton<CommandRunner>();
        services.TryAddSingleton<CommandDesk>();
        services.TryAddSingleton<EndedRunner>();
        services.TryAddSingleton<TokenCheck>();
        services.TryAddSingleton<Answers>();
        services.TryAddSingleton<StepEndpoint>();
        services.TryAddSingleton<EndedEndpoint>();
        services.TryAddSingleton<RowEndpoint>();
        services.TryAddSingleton<ListEndpoint>();
        services.TryAddSingleton(provider => new SagaLedger(
            provider.GetRequiredService<LedgerDatabase>(), provider.GetRequiredService<LedgerTable>(),
            provider.GetRequiredService<DueUndos>(), provider.GetRequiredService<LedgerMeter>(),
            provider.GetRequiredService<ParticipantClock>(),
            provider.GetRequiredService<IOptions<SagaParticipantOptions>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, DeadlineWatcher>());
        return services;
    }

    /// <summary>
    /// Maps <c>POST {prefix}/{action}/do|confirm|undo|extend</c>, and once per prefix <c>POST {prefix}/ended</c>,
    /// <c>GET {prefix}/{step}/{sagaId}</c> and <c>GET {prefix}/ledger</c>. Call it before the host starts.
    /// </summary>
    /// <typeparam name="TData">What the step receives; read from JSON.</typeparam>
    /// <typeparam name="TOutput">What it answers; written as JSON and kept in the ledger.</typeparam>
    /// <param name="app">The application.</param>
    /// <param name="action">The action: the step's name unless its definition says otherwise.</param>
    /// <param name="configure">Sets the handlers; at least <see cref="SagaStep{TData, TOutput}.Do" />.</param>
    /// <param name="prefix">The path before the action.</param>
    /// <returns>The four addresses of the step, to add conventions to.</returns>
    /// <exception cref="InvalidOperationException">
    /// The action is mapped twice, has no <c>do</c>, undoes many but not one, or AddSagaParticipant was not called.
    /// </exception>
    public static IEndpointConventionBuilder MapSagaStep<TData, TOutput>(
        this IEndpointRouteBuilder app, string action, Action<SagaStep<TData, TOutput>> configure,
        string prefix = DefaultPrefix)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(configure);
        if (action is null || action.Length > WireLimits.Action || !LedgerKeys.IsPart(action))
            throw new ArgumentException($"The name of an action {LedgerKeys.Rule}", nameof(action));
        var registry = app.ServiceProvider.GetService<StepRegistry>() ?? throw new InvalidOperationException(
            "Call services.AddSagaParticipant(...) before app.MapSagaStep(...).");
        var options = app.ServiceProvider.GetRequiredService<IOptions<SagaParticipantOptions>>().Value;
        var step = new SagaStep<TData, TOutput>();
        configure(step);
        var handlers = step.Build(action, options.Json);
        registry.Add(handlers);
        if (registry.IsNewPrefix(prefix)) MapShared(app, prefix);
        return MapCommands(app, prefix, handlers);
    }

    private static RouteGroupBuilder MapCommands(IEndpointRouteBuilder app, string prefix, StepHandlers handlers)
    {
        var group = app.MapGroup($"{prefix}/{Uri.EscapeDataString(handlers.Action)}");
        var endpoint = app.ServiceProvider.GetRequiredService<StepEndpoint>();
        foreach (var kind in Enum.GetValues<CommandKind>())
        {
            group.MapPost($"/{WireWords.Of(kind)}", http => endpoint.HandleAsync(http, handlers, kind));
        }

        return group;
    }

    private static void MapShared(IEndpointRouteBuilder app, string prefix)
    {
        var ended = app.ServiceProvider.GetRequiredService<EndedEndpoint>();
        var row = app.ServiceProvider.GetRequiredService<RowEndpoint>();
        var list = app.ServiceProvider.GetRequiredService<ListEndpoint>();
        app.MapPost($"{prefix}/ended", ended.HandleAsync);
        app.MapGet($"{prefix}/ledger", list.HandleAsync);
        app.MapGet($"{prefix}/{{step}}/{{sagaId}}", (HttpContext http) => row.HandleAsync(
            http, (string)http.GetRouteValue("step")!, (string)http.GetRouteValue("sagaId")!));
    }
}
