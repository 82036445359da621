using System.Collections.Concurrent;
using Orchestrator.Conformance.Arguments;
using Orchestrator.Conformance.Wire;

namespace Orchestrator.Conformance.Checking;

/// <summary>One check being played: makes sagas, sends, looks at the goods, keeps all that was said.</summary>
internal sealed class Trial(KitRun run, bool watchesGoods, CancellationToken cancel)
{
    private readonly ConcurrentQueue<Exchange> exchanges = new();
    private readonly ConcurrentDictionary<StepKey, bool> owed = new();
    private string? goodsBefore;

    internal KitRun Run => run;

    internal KitOptions Options => run.Options;

    internal CancellationToken Cancel => cancel;

    internal IReadOnlyList<Exchange> Exchanges => [.. exchanges];

    internal DateTimeOffset Now => run.Clock.GetUtcNow();

    /// <summary>True when the goods are watched in this check.</summary>
    internal bool SeesGoods => watchesGoods && Options.Probe is not null;

    /// <summary>A step of a saga that nobody has heard of.</summary>
    internal StepKey NewSaga(OfferedStep step, string suffix = "") =>
        OfSaga(step, $"kit-{Guid.NewGuid():N}", suffix);

    /// <summary>Another step of a known saga, with the same action.</summary>
    internal StepKey OfSaga(OfferedStep step, string sagaId, string suffix) =>
        new(this, step, sagaId, step.Name + suffix);

    /// <summary>Sends until there is an answer that says something.</summary>
    internal async Task<Sent> SendAsync(Command command)
    {
        for (var attempt = 1; ; attempt++)
        {
            var sent = await SendOnceAsync(command);
            if (!sent.Reply.IsUnknown || attempt == KitLimits.Resends) return sent;
            await PauseAsync(KitLimits.ResendPause);
        }
    }

    /// <summary>Sends once; garbage is not worth repeating.</summary>
    internal async Task<Sent> SendOnceAsync(Command command)
    {
        var exchange = new Exchange(command.Describe());
        exchanges.Enqueue(exchange);
        var reply = await run.Client.SendAsync(command, cancel);
        exchange.Came = reply.Describe();
        run.Note(command, reply);
        return new Sent(this, exchange, reply);
    }

    internal Task PauseAsync(TimeSpan pause) => Task.Delay(pause, run.Clock, cancel);

    internal async Task PauseUntilAsync(DateTimeOffset at)
    {
        var left = at - Now;
        if (left > TimeSpan.Zero) await PauseAsync(left);
    }

    /// <summary>Notes something that is not an answer; when it is not so, the check ends here.</summary>
    internal void Must(string looked, string what, bool isSo, string came)
    {
        var exchange = new Exchange(looked) { Came = came };
        exchanges.Enqueue(exchange);
        exchange.Must(what, isSo);
    }

    internal void Advise(string id, string text, Exchange exchange) =>
        run.Advise(id, text, $"{exchange.Sent} -> {exchange.Came}");

    /// <summary>What the probe shows; null when nothing is watched.</summary>
    internal async Task<string?> GoodsAsync() =>
        SeesGoods ? await run.Client.ReadTextAsync(Options.Probe!, cancel) ?? "(unreadable)" : null;

    internal async Task BeginAsync() => goodsBefore = await GoodsAsync();

    /// <summary>The goods are as they were before this check.</summary>
    internal Task GoodsAreBackAsync(string when) => GoodsAreAsync(goodsBefore, when);

    /// <summary>The goods are as they were seen then.</summary>
    internal async Task GoodsAreAsync(string? expected, string when)
    {
        if (!SeesGoods) return;
        var found = await GoodsAsync();
        Must($"GET {Options.Probe}", $"{when}: {Shown(expected)}", found == expected, Shown(found));
    }

    /// <summary>The goods changed, so the kit sees what the step does.</summary>
    internal async Task<string?> GoodsChangeAsync(string when)
    {
        if (!SeesGoods) return null;
        var found = await GoodsAsync();
        Must($"GET {Options.Probe}", $"{when}: something else than {Shown(goodsBefore)}", found != goodsBefore, Shown(found));
        return found;
    }

    /// <summary>A step that is undone when the check is over, so that the next begins as this one did.</summary>
    internal void WillUndo(StepKey key) => owed[key] = true;

    /// <summary>The step stays done.</summary>
    internal void StaysDone(StepKey key) => owed[key] = false;

    /// <summary>Undoes what is owed; whatever is answered.</summary>
    internal async Task TidyUpAsync()
    {
        foreach (var (key, isOwed) in owed)
        {
            if (isOwed) await run.Client.SendAsync(key.Undo(), cancel);
        }
    }

    private static string Shown(string? goods) => goods?.ReplaceLineEndings(" ") ?? "(nothing)";
}
