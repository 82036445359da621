using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Orchestrator.Benchmarks.Load;
using Orchestrator.Benchmarks.Processes;
using Orchestrator.Core.History;
using Orchestrator.Engine;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Benchmarks.Lists;

/// <summary>
/// The command <c>lists</c>: what a page of the list, each filter of it and the counts take in a full store.
/// </summary>
internal static class ListsCommand
{
    private const int Finished = 100_000;
    private const int Live = 5_000;
    private const int Runs = 100;
    private const int WarmUps = 10;

    /// <summary>What an operator does not notice.</summary>
    private const double SlowMilliseconds = 200;

    public static Task<int> RunAsync(string[] args) => LoadCommand.RunAsync(args, MeasureAsync);

    private static async Task<int> MeasureAsync(LoadOptions options, CancellationToken cancel)
    {
        var folder = Path.Combine(options.DataFolder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        try
        {
            Console.WriteLine($".. filling a store with {Finished} finished and {Live} live sagas");
            await using var store = await FilledStore.FillAsync(folder, Finished, Live, cancel);
            Console.WriteLine($"build         {BuildOfThis.Configuration}; {Runs} runs each");
            Console.WriteLine($"{"list",-34} {"p50",9} {"p95",9}  sagas");
            var isQuick = true;
            foreach (var (name, filter) in Filters(store))
            {
                isQuick &= await MeasureAsync(
                    name, async () => (await store.Queries.ListAsync(filter, cancel)).Items.Count);
            }

            isQuick &= await MeasureAsync(
                "counts", async () => (int)(await store.Queries.CountAsync(cancel)).Sum(count => count.Count));
            await store.DefineAsync(cancel);
            isQuick &= await MeasureAsync(
                "minutes of the last hour",
                async () => (int)(await store.Queries.CountMinutesAsync(store.LastAt.AddHours(-1), cancel))
                    .Sum(minute => minute.Started));
            isQuick &= await MeasureAsync(
                "look for alerts", async () => (await store.Alerts.ScanAsync(
                    store.LastAt, EngineLimits.MaxAlertsPerLook, cancel)).Wanting.Count);
            return isQuick ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> MeasureAsync(string name, Func<Task<int>> once)
    {
        var found = 0;
        var milliseconds = new double[Runs];
        for (var run = -WarmUps; run < Runs; run++)
        {
            var began = Stopwatch.GetTimestamp();
            found = await once();
            if (run >= 0) milliseconds[run] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        var p95 = milliseconds[Runs * 95 / 100];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-34} {milliseconds[Runs / 2],6:0.00} ms {p95,6:0.00} ms  {found}"));
        return p95 < SlowMilliseconds;
    }

    private static IEnumerable<(string Name, SagaFilter Filter)> Filters(FilledStore store)
    {
        var all = new SagaFilter { Now = store.LastAt };
        var deep = (store.Sagas * 5L).ToString(CultureInfo.InvariantCulture);
        var end = "5000";
        var middleAt = FilledStore.FirstAt + ((store.LastAt - FilledStore.FirstAt) / 2);
        yield return ("first page", all);
        yield return ("first page of 500", all with { Limit = 500 });
        yield return ("page in the middle", all with { Cursor = deep });
        yield return ("page near the end", all with { Cursor = end });
        yield return ("definition", all with { Definition = "definition-3" });
        yield return ("definition, near the end", all with { Definition = "definition-3", Cursor = end });
        foreach (var phase in Enum.GetValues<SagaPhase>())
            yield return ($"phase {phase}".ToLowerInvariant(), all with { Phase = phase });
        yield return ("compensated, near the end", all with { Outcome = SagaOutcome.Compensated, Cursor = end });
        yield return ("stuck", all with { Stuck = true });
        yield return ("not stuck", all with { Stuck = false });
        yield return ("overdue", all with { Overdue = true });
        yield return ("overdue of a definition", all with { Overdue = true, Definition = "definition-3" });
        yield return ("not overdue", all with { Overdue = false });
        yield return ("key", all with { BusinessKey = "order-777" });
        yield return ("key that nobody has", all with { BusinessKey = "nobody" });
        yield return ("tag of 2 in 3", all with { Tags = Tags("region", "eu") });
        yield return ("tag of 2 in 3, near the end", all with { Tags = Tags("region", "eu"), Cursor = end });
        yield return ("tag of 1 in 1000", all with { Tags = Tags("vip", "yes") });
        yield return ("both tags", all with { Tags = Tags("region", "eu").Add("vip", "yes") });
        yield return ("tag that nobody has", all with { Tags = Tags("vip", "no") });
        yield return ("rare tag of a definition", all with { Tags = Tags("vip", "yes"), Definition = "definition-3" });
        yield return ("from the middle on", all with { From = middleAt });
        yield return ("before the middle", all with { To = middleAt });
        yield return ("before all", all with { To = FilledStore.FirstAt });
    }

    private static ImmutableSortedDictionary<string, string> Tags(string name, string value) =>
        ImmutableSortedDictionary<string, string>.Empty.Add(name, value);
}
