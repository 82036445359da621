using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.StandIn.Instances;

/// <summary>A turn that was sent out and not answered yet.</summary>
/// <param name="Fresh">The new events it was sent with.</param>
/// <param name="Taken">How many of the inbox are among them.</param>
internal sealed record TurnOut(IReadOnlyList<HistoryEvent> Fresh, int Taken);

/// <summary>One workflow instance. Not thread-safe; the hub's lock guards it.</summary>
internal sealed class Instance(StoredInstance stored)
{
    public StoredInstance Stored { get; } = stored;

    public string Id => Stored.Id;

    /// <summary>The turn that is under way; never stored: after a restart it is sent out again.</summary>
    public TurnOut? Out { get; set; }

    /// <summary>Whether the next turn stands in the queue already.</summary>
    public bool IsQueued { get; set; }

    /// <summary>After a save that failed: the next turn waits until then.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Executions that each went on where another had just ended, with nothing else between them.</summary>
    public int ContinuedInARow { get; set; }

    public bool IsEnded => Ending is not null;

    public RunStatus Status => Ending is { } ending ? ending.Status
        : Stored.Stalled ? RunStatus.Stalled
        : Stored.History.Count == 0 ? RunStatus.Pending
        : Stored.History.LastOrDefault(IsPauseOrResume)?.Suspended is not null ? RunStatus.Suspended
        : RunStatus.Running;

    private ExecutionCompleted? Ending => Stored.History.LastOrDefault()?.ExecutionCompleted;

    /// <summary>What the sidecar tells of it: payloads only when asked for.</summary>
    public InstanceState State(bool withPayloads)
    {
        var all = Stored.History.Concat(Stored.Inbox).ToArray();
        var started = all.First(one => one.KindCase == HistoryEvent.KindOneofCase.ExecutionStarted);
        var state = new InstanceState
        {
            InstanceId = Id,
            Name = Stored.Name,
            Status = Status,
            CreatedAt = started.Timestamp,
            UpdatedAt = Stored.History.LastOrDefault()?.Timestamp ?? started.Timestamp,
            StartedAt = Stored.History.FirstOrDefault()?.Timestamp,
        };
        if (!withPayloads) return state;
        state.Input = started.ExecutionStarted.Input;
        state.Output = Ending?.Result;
        // An empty one is left out, as the recording of a continue-as-new shows.
        state.CustomStatus = Stored.CustomStatus is { Length: > 0 } told ? told : null;
        state.Failure = Ending?.Failure;
        return state;
    }

    /// <summary>The item of the next turn, which is under way from now.</summary>
    public WorkItem NextTurn(DateTimeOffset now, IEnumerable<HistoryEvent> strangers)
    {
        var taken = Stored.Inbox.Count;
        List<HistoryEvent> fresh =
            [Events.WorkflowStarted(now), .. Stored.Inbox.Select(one => one.Clone()), .. strangers];
        if (Stored.Continued) fresh[0].Router = fresh[1].Router.Clone();
        Out = new TurnOut(fresh, taken);
        return new WorkItem
        {
            Workflow = new WorkflowRequest
            {
                InstanceId = Id,
                Past = { Stored.History.Select(one => one.Clone()) },
                Fresh = { fresh.Select(one => one.Clone()) },
            },
        };
    }

    private static bool IsPauseOrResume(HistoryEvent one) =>
        one.KindCase is HistoryEvent.KindOneofCase.Suspended or HistoryEvent.KindOneofCase.Resumed;
}

/// <summary>Events as the sidecar writes them.</summary>
internal static class Events
{
    public static HistoryEvent Of(DateTimeOffset now, int id = -1) =>
        new() { EventId = id, Timestamp = Timestamp.FromDateTimeOffset(now) };

    public static HistoryEvent WorkflowStarted(DateTimeOffset now)
    {
        var started = Of(now);
        started.WorkflowStarted = new WorkflowStarted();
        return started;
    }

    public static HistoryEvent ExecutionStarted(
        DateTimeOffset now, string app, string instance, string name, string? input)
    {
        var started = Of(now);
        started.ExecutionStarted = new ExecutionStarted
        {
            Name = name,
            Input = input,
            Instance =
                new Orchestrator.Dapr.Wire.Instance { InstanceId = instance, ExecutionId = Guid.NewGuid().ToString() },
        };
        started.Router = new Router { SourceAppId = app };
        return started;
    }

    /// <summary>An event of a kind that nobody has heard of, with its content.</summary>
    public static HistoryEvent Stranger(DateTimeOffset now)
    {
        var known = Of(now).ToByteArray();
        return HistoryEvent.Parser.ParseFrom([.. known, .. Field(40, "tomorrow"u8), .. Field(41, "more"u8)]);
    }

    /// <summary>A field with a length that the messages here do not name.</summary>
    public static byte[] Field(int number, ReadOnlySpan<byte> value)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(value));
        }

        return bytes.ToArray();
    }
}
