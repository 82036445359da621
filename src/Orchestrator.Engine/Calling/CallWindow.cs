using System.Globalization;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Calling;

/// <summary>The calls to one participant in twelve slices of five seconds. Safe for any number of threads.</summary>
internal sealed class CallWindow
{
    private const int Slices = 12;
    private const int SliceSeconds = 5;

    // Durations in classes that grow by a fifth: 80 of them reach from 50 microseconds to more than a minute.
    private const int Classes = 80;
    private const double Growth = 1.2;
    private static readonly double Smallest = TimeSpan.FromMicroseconds(50).TotalMilliseconds;

    private readonly Lock gate = new();
    private readonly Slice[] slices = [.. Enumerable.Range(0, Slices).Select(_ => new Slice())];
    private DateTimeOffset? lastAnswerAt;
    private DateTimeOffset? lastFailureAt;
    private string? lastFailure;

    /// <summary>A call ended.</summary>
    public void Note(DateTimeOffset now, Answer answer, TimeSpan took)
    {
        var isSilent = answer.Silence != Silence.None;
        var failed = isSilent || answer.Status >= 500;
        lock (gate)
        {
            var slice = SliceAt(now);
            slice.Calls++;
            slice.Took[ClassOf(took)]++;
            if (!isSilent) lastAnswerAt = now;
            if (!failed) return;
            slice.Failures++;
            lastFailureAt = now;
            lastFailure = Words(answer);
        }
    }

    /// <summary>The last minute.</summary>
    public CallFigures Read(DateTimeOffset now)
    {
        var took = new int[Classes];
        var (calls, failures) = (0L, 0L);
        lock (gate)
        {
            var number = NumberOf(now);
            foreach (var slice in slices)
            {
                if (slice.Number <= number - Slices || slice.Number > number) continue;
                calls += slice.Calls;
                failures += slice.Failures;
                for (var i = 0; i < Classes; i++) took[i] += slice.Took[i];
            }

            return new CallFigures(
                calls, failures, Quantile(took, calls, 0.5), Quantile(took, calls, 0.99), lastAnswerAt, lastFailureAt,
                lastFailure);
        }
    }

    private static string Words(Answer answer) => answer.Silence switch
    {
        Silence.TimedOut => "no answer within the timeout",
        Silence.Broken => answer.Text ?? "the connection broke",
        _ => string.Create(CultureInfo.InvariantCulture, $"{answer.Status} {answer.Text}").TrimEnd(),
    };

    private static TimeSpan? Quantile(int[] took, long calls, double share)
    {
        if (calls == 0) return null;
        var rank = (long)Math.Ceiling(calls * share);
        var i = 0;
        for (var seen = (long)took[0]; seen < rank && i < Classes - 1; seen += took[i]) i++;
        return TimeSpan.FromMilliseconds(Smallest * Math.Pow(Growth, i));
    }

    private static int ClassOf(TimeSpan took)
    {
        var growths = Math.Ceiling(Math.Log(Math.Max(took.TotalMilliseconds, Smallest) / Smallest, Growth));
        return (int)Math.Min(growths, Classes - 1);
    }

    private static long NumberOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / SliceSeconds;

    private Slice SliceAt(DateTimeOffset now)
    {
        var number = NumberOf(now);
        var slice = slices[number % Slices];
        if (slice.Number != number) slice.Begin(number);
        return slice;
    }

    private sealed class Slice
    {
        public long Number { get; private set; } = long.MinValue;

        public long Calls { get; set; }

        public long Failures { get; set; }

        public int[] Took { get; } = new int[Classes];

        public void Begin(long number)
        {
            (Number, Calls, Failures) = (number, 0, 0);
            Array.Clear(Took);
        }
    }
}
