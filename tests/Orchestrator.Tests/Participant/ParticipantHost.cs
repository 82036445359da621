using System.Data.Common;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Participant;
using Orchestrator.Tests.Participant.Databases;

namespace Orchestrator.Tests.Participant;

/// <summary>What the test participant's step receives.</summary>
public sealed record Reserve(string Sku, int Quantity);

/// <summary>What it answers.</summary>
public sealed record Reservation(string Id);

/// <summary>
/// A participant with one action, <c>reserve</c>: it takes pieces off a stock of 100 and writes down
/// every run of a handler, all in the ledger's transaction.
/// </summary>
internal sealed class ParticipantHost : IAsyncDisposable
{
    private readonly WebApplication web;

    private ParticipantHost(WebApplication app, HttpClient client, HandlerSwitches switches)
    {
        web = app;
        Client = client;
        Switches = switches;
    }

    public HttpClient Client { get; }

    public HandlerSwitches Switches { get; }

    /// <summary>Where it listens; only when it was started on a port.</summary>
    public Uri Url => Client.BaseAddress!;

    public SagaLedger Ledger => web.Services.GetRequiredService<SagaLedger>();

    public IServiceProvider Services => web.Services;

    /// <summary>Starts it in memory, or on a port of its own when <paramref name="onKestrel" />.</summary>
    public static async Task<ParticipantHost> StartAsync(
        ParticipantDatabase database, TimeProvider clock, HandlerSwitches? switches = null, bool onKestrel = false,
        Action<SagaParticipantOptions>? configure = null, Action<SagaSubscriptionOptions>? subscribe = null,
        IReadOnlyDictionary<string, string?>? settings = null)
    {
        switches ??= new HandlerSwitches();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.ClearProviders();
        if (switches.Logs is { } logs) builder.Logging.AddProvider(logs);
        if (onKestrel)
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseTestServer();
        builder.Services.AddSingleton(clock);
        builder.Services.AddSagaParticipant(options =>
        {
            options.UseDatabase(database.Dialect, database.Connect);
            configure?.Invoke(options);
        });
        if (subscribe is not null) builder.Services.AddSagaSubscriptions(subscribe);
        var app = builder.Build();
        if (subscribe is not null) app.MapSagaSubscriptions();
        app.MapSagaStep<Reserve, Reservation>("reserve", step => Handlers.Fill(step, switches));
        app.MapSagaStep<Reserve, Reservation>("wrap", step => Handlers.Fill(step, switches, oneByOne: true));
        app.MapSagaStep<Reserve, Reservation>("ship", step => step.Do((call, _) => Handlers.DoAsync(call, switches)));
        var asleep = (clock as ManualTime)?.Waiting + (subscribe is null ? 0 : 1);
        await app.StartAsync();
        // The watcher's first sweep is over once it sleeps, and the relay's; from then on only the test moves anything.
        var isOnStandby = app.Services.GetRequiredService<IOptions<SagaParticipantOptions>>().Value.Standby;
        while (!isOnStandby && (clock as ManualTime)?.Waiting <= asleep) await Task.Yield();
        var client = onKestrel ? new HttpClient { BaseAddress = new Uri(Address(app)) } : app.GetTestClient();
        return new ParticipantHost(app, client, switches);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await web.StopAsync();
        await web.DisposeAsync();
    }

    private static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
}

/// <summary>What a test can make the handlers do.</summary>
internal sealed class HandlerSwitches
{
    public string? Refusal { get; set; }

    public bool DoThrows { get; set; }

    public Func<string, bool> UndoThrows { get; set; } = _ => false;

    public bool ConfirmThrows { get; set; }

    public bool EndThrows { get; set; }

    /// <summary>Called before the action writes anything of its own.</summary>
    public Func<Task>? InsideDo { get; set; }

    /// <summary>The action tries a statement that the database refuses, and goes on.</summary>
    public bool DoRunsIntoAnError { get; set; }

    /// <summary>Called after an undo handler wrote and before it returns.</summary>
    public Action InsideUndo { get; set; } = () => { };

    /// <summary>The undo of many at once; null: the action has none. Set it before the host starts.</summary>
    public Func<SagaUndos<Reserve, Reservation>, Task>? UndoMany { get; set; }

    public ILoggerProvider? Logs { get; set; }
}

/// <summary>The business code of the test participant.</summary>
internal static class Handlers
{
    public static void Fill(
        SagaStep<Reserve, Reservation> step, HandlerSwitches switches, bool oneByOne = false)
    {
        Fill(step, switches);
        if (!oneByOne && switches.UndoMany is { } undoMany) step.UndoMany((undos, _) => undoMany(undos));
    }

    private static void Fill(SagaStep<Reserve, Reservation> step, HandlerSwitches switches) => step
        .Do((call, _) => DoAsync(call, switches))
        .Undo(async (call, _) =>
        {
            await NoteAsync(call, call.WasConfirmed ? "undo-confirmed" : call.ByExpiry ? "undo-expired" : "undo", call.Output.Id);
            await TakeAsync(call, -call.Data.Quantity);
            switches.InsideUndo();
            if (switches.UndoThrows(call.SagaId)) throw new InvalidOperationException("The undo is broken.");
        })
        .OnConfirm(async (call, _) =>
        {
            await NoteAsync(call, "confirm", call.Output.Id);
            if (switches.ConfirmThrows) throw new InvalidOperationException("The confirm is broken.");
        })
        .OnEnd(async (call, _) =>
        {
            await NoteAsync(call, "end-" + call.Outcome, call.Output.Id);
            if (switches.EndThrows) throw new InvalidOperationException("The end is broken.");
        });

    public static async Task<SagaAnswer<Reservation>> DoAsync(SagaCall<Reserve> call, HandlerSwitches switches)
    {
        if (switches.InsideDo is { } inside) await inside();
        await NoteAsync(call, "do", call.Data.Sku);
        await TakeAsync(call, call.Data.Quantity);
        if (switches.DoRunsIntoAnError) await RunIntoAnErrorAsync(call);
        if (switches.DoThrows) throw new InvalidOperationException("The action is broken.");
        if (switches.Refusal is { } refusal) return SagaAnswer.Refuse(refusal);
        return new Reservation("r-" + call.SagaId);
    }

    private static async Task RunIntoAnErrorAsync(SagaCall<Reserve> call)
    {
        try
        {
            await call.Connection.ExecuteAsync("INSERT INTO stock (available) VALUES (NULL)", transaction: call.Transaction);
        }
        catch (DbException)
        {
            // As somebody does who asks the database whether there is room.
        }
    }

    private static Task<int> NoteAsync(SagaCall<Reserve> call, string what, string detail) =>
        call.Connection.ExecuteAsync(
        "INSERT INTO notes (saga_id, step, what, detail, attempt) VALUES (@SagaId, @Step, @what, @detail, @Attempt)",
        new { call.SagaId, call.Step, what, detail, call.Attempt }, call.Transaction);

    private static Task<int> TakeAsync(SagaCall<Reserve> call, int quantity) => call.Connection.ExecuteAsync(
        "UPDATE stock SET available = available - @quantity", new { quantity }, call.Transaction);
}
