using System.Collections.Concurrent;
using Orchestrator.Core.Deciding;

namespace Orchestrator.Dapr.Running;

/// <summary>
/// Verbs that were raised and wait until the saga has recorded or refused them. Safe for any number of threads.
/// </summary>
internal sealed class RaisedVerbs
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<VerbRuling>> waiting = new();

    /// <summary>Waits for the verb of that id; <see cref="Forget" /> it afterwards.</summary>
    public Task<VerbRuling> Expect(string id) =>
        waiting.GetOrAdd(id, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>The saga has said what becomes of it, and that is on disk.</summary>
    public void Judged(string id, VerbRuling ruling)
    {
        if (waiting.TryGetValue(id, out var one)) one.TrySetResult(ruling);
    }

    /// <summary>Nobody waits any more.</summary>
    public void Forget(string id) => waiting.TryRemove(id, out _);
}
