using System.Collections.Concurrent;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// The sagas that have not ended, by id. Any thread may look one up; only the commit loop changes it. Sagas that ended
/// while a call was under way linger until the call's end is recorded.
/// </summary>
internal sealed class LiveSagas
{
    private readonly ConcurrentDictionary<string, LiveSaga> live = new(1, 4096);
    private readonly Dictionary<string, LiveSaga> lingering = [];

    /// <summary>How many there are; cheap.</summary>
    public long Count => Interlocked.Read(ref count);

    private long count;

    /// <summary>All of them, as they were at some moment.</summary>
    public IEnumerable<LiveSaga> All => live.Select(pair => pair.Value);

    /// <summary>The saga, or null when it has ended or never was.</summary>
    public LiveSaga? Find(string id) => live.GetValueOrDefault(id);

    /// <summary>A saga has started, or was read from the store.</summary>
    public void Add(LiveSaga saga)
    {
        live[saga.Id] = saga;
        Interlocked.Increment(ref count);
    }

    /// <summary>A saga has ended.</summary>
    public void End(LiveSaga saga)
    {
        if (live.TryRemove(saga.Id, out _)) Interlocked.Decrement(ref count);
        if (saga.CallsOut > 0) lingering[saga.Id] = saga;
    }

    /// <summary>A call of the saga has come back.</summary>
    public void CallIsBack(LiveSaga saga)
    {
        saga.CallsOut--;
        if (saga.CallsOut == 0 && lingering.Count > 0) lingering.Remove(saga.Id);
    }

    /// <summary>A saga that has ended while calls of it are under way; null when none are.</summary>
    public LiveSaga? FindLingering(string id) => lingering.GetValueOrDefault(id);

    /// <summary>A finished saga is deleted: what still comes for it is not recorded.</summary>
    public void ForgetLingering(string id)
    {
        if (lingering.Remove(id, out var saga)) saga.IsGone = true;
    }

    /// <summary>Forgets all of them, before they are read anew from the store.</summary>
    public void Clear()
    {
        foreach (var saga in live.Values.Concat(lingering.Values)) saga.LetGo();
        live.Clear();
        lingering.Clear();
        Interlocked.Exchange(ref count, 0);
    }
}
