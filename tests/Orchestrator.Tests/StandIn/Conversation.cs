using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Google.Protobuf;
using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn;
using Orchestrator.Tests.Dapr;

namespace Orchestrator.Tests.StandIn;

/// <summary>
/// Says to a stand-in, in the recorded order and at the recorded times, what was said to a real sidecar, and compares
/// every answer.
/// </summary>
internal sealed partial class Conversation(StandInSidecar sidecar, ManualTime clock) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Told = ["executionTerminated", "suspended", "resumed", "eventRaised"];
    private readonly RawClient client = new(sidecar.GrpcAddress);
    private readonly HttpClient http = new() { BaseAddress = sidecar.HttpAddress };
    private readonly Dictionary<string, Queue<Task<RawReply>>> calls = [];
    private readonly Sameness recorded = new();
    private readonly Sameness actual = new();
    private CancellationTokenSource? stream;
    private ChannelReader<byte[]>? items;

    /// <summary>How many messages were compared.</summary>
    public int Compared { get; private set; }

    public async Task PlayAsync(IEnumerable<RecordedLine> lines)
    {
        foreach (var line in CausesFirst([.. lines]))
        {
            MoveClock(line);
            if (line.Dir != "in" || line.Method == "GetWorkItems") await AnswersAsync();
            await PlayAsync(line).WaitAsync(Patience);
        }
    }

    public void Dispose()
    {
        stream?.Cancel();
        stream?.Dispose();
        client.Dispose();
        http.Dispose();
    }

    private Task PlayAsync(RecordedLine line) => (line.Dir, line.Method) switch
    {
        ("out", "GetWorkItems") => OpenAsync(),
        ("out", _) => CallAsync(line),
        ("in", "GetWorkItems") => ReceiveAsync(line),
        // The page shows whatever else was on that sidecar.
        ("in", "ListInstanceIDs") => Task.CompletedTask,
        ("in", _) => ReplyAsync(line),
        ("http", _) => HttpAsync(line),
        ("note", "worker dies before answering") => DieAsync(),
        _ => throw new ArgumentException($"What is {line.Dir} {line.Method}?", nameof(line)),
    };

    /// <summary>
    /// Answers are sent one after the other, as the recorded ones were; none of them waits for anything.
    /// </summary>
    private Task<RawReply[]> AnswersAsync() => Task.WhenAll(
        calls.Where(method => method.Key.StartsWith("Complete", StringComparison.Ordinal))
            .SelectMany(method => method.Value)).WaitAsync(Patience);

    private Task OpenAsync()
    {
        stream = new CancellationTokenSource();
        items = client.Open("GetWorkItems", [], stream.Token);
        return Task.CompletedTask;
    }

    private async Task DieAsync()
    {
        await stream!.CancelAsync();
        while (sidecar.Streams > 0) await Task.Yield();
    }

    private Task CallAsync(RecordedLine line)
    {
        if (!calls.TryGetValue(line.Method!, out var waiting)) calls.Add(line.Method!, waiting = new());
        waiting.Enqueue(client.CallAsync(line.Method!, Convert.FromBase64String(line.Base64!), CancellationToken.None));
        return Task.CompletedTask;
    }

    private async Task ReceiveAsync(RecordedLine line)
    {
        sidecar.Desk.Step();
        Compare(line, WorkItem.Parser.ParseFrom(await items!.ReadAsync()));
    }

    private async Task ReplyAsync(RecordedLine line)
    {
        var reply = await calls[line.Method!].Dequeue();
        if (line.Base64 is null)
        {
            Compared++;
            $"grpc-status {(int)reply.Status} {reply.Text}".Should().Be(line.Note);
            return;
        }

        ((int)reply.Status).Should().Be(0, "of {0} ({1})", line.Method, reply.Text);
        Compare(line, Recordings.Parser("in", line.Method!).ParseFrom(reply.Message));
    }

    private async Task HttpAsync(RecordedLine line)
    {
        var parts = line.Method!.Split(' ', 2);
        using var request = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
        if (line.Request is { } body) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);

        Compared++;
        ((int)response.StatusCode).Should().Be(line.Status, "of {0}", line.Method);
        // A mistake in the real one's formatting of a sentence is not played.
        var halves = line.Response!.Split("%!(EXTRA");
        var expected = halves.Length == 1 ? line.Response : halves[0] + "\"}";
        actual.Of(await response.Content.ReadAsStringAsync()).Should().Be(recorded.Of(expected), "of {0}", line.Method);
    }

    private void Compare(RecordedLine line, IMessage message)
    {
        Compared++;
        actual.Of(WithoutApp(message).ToString()!)
            .Should().Be(recorded.Of(WithoutApp(line.Message()).ToString()!), "of {0}", line.Method);
    }

    /// <summary>The names of the apps are their own; that there is one is compared.</summary>
    private static IMessage WithoutApp(IMessage message)
    {
        var events = message switch
        {
            WorkItem { Workflow: { } turn } => turn.Past.Concat(turn.Fresh),
            HistoryReply reply => reply.Events,
            _ => [],
        };
        foreach (var one in events.Where(one => one.Router is not null)) one.Router.SourceAppId = "app";
        return message;
    }

    /// <summary>Timers fire when the recording is past them; the day is that of the first.</summary>
    private void MoveClock(RecordedLine line)
    {
        if (line.At is null) return;
        var ahead = TimeSpan.Parse(line.At, CultureInfo.InvariantCulture) - clock.GetUtcNow().TimeOfDay;
        if (ahead > TimeSpan.Zero) clock.Advance(ahead);
    }

    /// <summary>An HTTP line was written when its answer came, which can be after the turn that it caused.</summary>
    private static List<RecordedLine> CausesFirst(List<RecordedLine> lines)
    {
        for (var (i, causes) = (0, 0); i < lines.Count; i++)
        {
            if (IsCause(lines[i])) causes++;
            if (lines[i] is not { Dir: "in", Method: "GetWorkItems" }) continue;
            if (Told.Any(kind => Fresh(lines[i]).Contains(kind, StringComparison.Ordinal)) && --causes < 0)
            {
                var late = lines.FindIndex(i, IsCause);
                var cause = lines[late];
                lines.RemoveAt(late);
                lines.Insert(i++, cause);
                causes = 0;
            }
        }

        return lines;
    }

    private static string Fresh(RecordedLine line) =>
        JsonNode.Parse(line.Decoded!)!["workflow"]?["fresh"]?.ToJsonString() ?? "";

    [GeneratedRegex("/(terminate|pause|resume|raiseEvent/.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Causing();

    private static bool IsCause(RecordedLine line) => line.Dir switch
    {
        "http" => Causing().IsMatch(line.Method!)
            && !line.Method!.Contains("endfailed", StringComparison.Ordinal),
        "out" => line.Method is "SuspendInstance" or "RaiseEvent"
            && !line.Decoded!.Contains("nope", StringComparison.Ordinal),
        _ => false,
    };
}

/// <summary>
/// Puts numbers in place of instants and UUIDs, in the order in which they first occur: what was the same stays the
/// same. An instant that was set by the worker is the same in both conversations anyway.
/// </summary>
internal sealed partial class Sameness
{
    private readonly Dictionary<string, string> seen = new(StringComparer.Ordinal);

    public string Of(string json) => Varying().Replace(json, match =>
    {
        var value =
            match.Value.Contains('T', StringComparison.Ordinal) ? match.Value.TrimEnd('Z').TrimEnd('0') : match.Value;
        if (!seen.TryGetValue(value, out var name)) seen.Add(value, name = $"<{seen.Count}>");
        return name;
    });

    [GeneratedRegex(
        @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Varying();
}
