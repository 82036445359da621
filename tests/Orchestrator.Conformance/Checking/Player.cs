namespace Orchestrator.Conformance.Checking;

/// <summary>Plays checks: one after the other, then together those that wait, then those that kill.</summary>
internal sealed class Player(KitRun run, Action<Played> tell)
{
    private readonly List<Played> played = [];

    internal IReadOnlyList<Played> Played => played;

    /// <summary>Plays all within the time of the run; what was not reached counts as not checked.</summary>
    internal async Task PlayAsync(IReadOnlyList<Check> checks, CancellationToken cancel)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bounded.CancelAfter(run.Options.Time);
        foreach (var check in checks.Where(check => check.Turn == Turn.Alone))
            Add(await PlayAsync(check, watchesGoods: true, bounded.Token));
        await PlayTogetherAsync([.. checks.Where(check => check.Turn == Turn.Together)], bounded.Token);
        foreach (var check in checks.Where(check => check.Turn == Turn.Last))
            Add(await PlayAsync(check, watchesGoods: true, bounded.Token));
    }

    private async Task PlayTogetherAsync(IReadOnlyList<Check> checks, CancellationToken cancel)
    {
        if (checks.Count == 0) return;
        var before = new Trial(run, watchesGoods: true, cancel);
        var goods = cancel.IsCancellationRequested ? null : await before.GoodsAsync();
        var all = await Task.WhenAll(checks.Select(check => PlayAsync(check, watchesGoods: false, cancel)));
        foreach (var each in all) Add(each);
        if (run.Options.Probe is null || cancel.IsCancellationRequested) return;
        var back = new Check(
            "goods-are-back-after-expiries", "After all expiries and undos the goods are as they were", "section 2, own clock",
            "Some undo ran twice, or not at all: money or goods are made or lost.",
            trial => trial.GoodsAreAsync(goods, "as before the expiries"));
        Add(await PlayAsync(back, watchesGoods: true, cancel));
    }

    private void Add(Played each)
    {
        played.Add(each);
        tell(each);
    }

    private async Task<Played> PlayAsync(Check check, bool watchesGoods, CancellationToken cancel)
    {
        if (check.Lacks is { } lacks) return new Played(check, Verdict.NotChecked, lacks, [], TimeSpan.Zero);
        if (cancel.IsCancellationRequested)
            return new Played(check, Verdict.Broken, "the time of the run was over before this check", [], TimeSpan.Zero);
        var startedAt = run.Clock.GetTimestamp();
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        bounded.CancelAfter(KitLimits.OneCheck + run.Options.Hold + run.Options.Sweep + run.Options.Grace);
        var trial = new Trial(run, watchesGoods, bounded.Token);
        var (verdict, why) = await JudgeAsync(check, trial);
        try
        {
            await trial.TidyUpAsync();
        }
        catch (OperationCanceledException)
        {
            // The time is over: whatever is held expires by itself.
        }

        return new Played(check, verdict, why, trial.Exchanges, run.Clock.GetElapsedTime(startedAt));
    }

    private static async Task<(Verdict Verdict, string? Why)> JudgeAsync(Check check, Trial trial)
    {
        try
        {
            await trial.BeginAsync();
            await check.Play(trial);
            return (Verdict.Kept, null);
        }
        catch (BrokenException broken)
        {
            return (Verdict.Broken, broken.Message);
        }
        catch (NotOfferedException missing)
        {
            return (Verdict.NotChecked, missing.Message);
        }
        catch (TooSlowException slow)
        {
            return (Verdict.Untold, slow.Message);
        }
        catch (OperationCanceledException)
        {
            return (Verdict.Broken, "it was not over in time");
        }
    }
}
