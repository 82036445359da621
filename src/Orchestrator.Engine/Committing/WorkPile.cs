using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Committing;

/// <summary>
/// The work of the commit that is being put together, and what was set aside while one is looked for that can never be
/// written. Used by the commit loop alone.
/// </summary>
internal sealed class WorkPile(Log log)
{
    private readonly List<EngineWork> works = [];
    private readonly List<EngineWork> added = [];
    private readonly List<EngineWork> aside = [];
    private EngineWork? alone;

    /// <summary>True when nothing is left to write.</summary>
    public bool IsEmpty => works.Count == 0;

    /// <summary>True when a commit may take no more.</summary>
    public bool IsFull => works.Count >= EngineLimits.MaxBatch;

    /// <summary>The idempotency keys in it.</summary>
    public IEnumerable<StartKey> Keys => works.Select(work => work.Key).OfType<StartKey>();

    /// <summary>Puts one on it.</summary>
    public void Take(EngineWork work) => works.Add(work);

    /// <summary>Adds all of it to the commit; work that meets a bug of its own is logged and given up.</summary>
    public void AddTo(TurnBatch batch, LiveSagas sagas)
    {
        added.Clear();
        foreach (var work in works) batch.LastNumber = Math.Max(batch.LastNumber, work.Knows);
        foreach (var work in works)
        {
            try
            {
                work.Add(batch, sagas);
                added.Add(work);
            }
            // One saga's bug must not stop the others: it is logged, and nothing of that work is kept.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                GiveUp(work, e);
            }
        }

        works.Clear();
        works.AddRange(added);
    }

    /// <summary>It is on disk. What was set aside comes next.</summary>
    public void Committed()
    {
        foreach (var work in works) work.Committed();
        TakeBack();
    }

    /// <summary>Nothing was written: whoever may be refused is, and only what must not be lost stays.</summary>
    public void Refuse(string text) => works.RemoveAll(work => !work.Failed(text));

    /// <summary>Whether it is on disk is not known yet, but whoever waits is told that it is not certain.</summary>
    public void SayUncertain(string text)
    {
        foreach (var work in works) work.Failed(text);
    }

    /// <summary>
    /// One row keeps all others from being written. Sets half of the work aside; work that stands alone is the culprit
    /// and is given up, so after a few commits everybody else has gone on. Alone it is tried twice: where several
    /// engines share the store, another one may just have used the same key, and now it is found.
    /// </summary>
    public void SetAside(StoreConflictException conflict)
    {
        if (works is [var culprit])
        {
            if (culprit != alone)
            {
                alone = culprit;
                return;
            }

            GiveUp(culprit, conflict);
            TakeBack();
            return;
        }

        var half = works.Count / 2;
        aside.InsertRange(0, works[half..]);
        works.RemoveRange(half, works.Count - half);
    }

    /// <summary>The engine ends: nobody waits for ever.</summary>
    public void RefuseAll(string text)
    {
        SayUncertain(text);
        foreach (var work in aside) work.Failed(text);
    }

    private void TakeBack()
    {
        works.Clear();
        works.AddRange(aside);
        aside.Clear();
        alone = null;
    }

    private void GiveUp(EngineWork work, Exception e)
    {
        log.Broke(work.GetType().Name, e);
        work.Broke(e);
    }
}
