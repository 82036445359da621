using Google.Protobuf.WellKnownTypes;
using Orchestrator.Dapr;
using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn;

namespace Orchestrator.Tests.StandIn;

/// <summary>A stand-in on a manual clock, and a worker's end of the connection, item by item.</summary>
internal sealed class StandInRig : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly List<IAsyncEnumerator<WorkItem>> streams = [];
    private readonly CancellationTokenSource ending = new();

    private StandInRig(StandInSidecar sidecar, ManualTime clock)
    {
        (Sidecar, Clock) = (sidecar, clock);
        var options = new DaprOptions { GrpcEndpoint = sidecar.GrpcAddress, HttpEndpoint = sidecar.HttpAddress };
        Connection = new SidecarConnection(options, TimeProvider.System);
        Http = new HttpClient { BaseAddress = sidecar.HttpAddress };
    }

    public StandInSidecar Sidecar { get; }

    public ManualTime Clock { get; }

    public SidecarConnection Connection { get; }

    public HttpClient Http { get; }

    public static async Task<StandInRig> StartAsync(StandInOptions? options = null)
    {
        var clock = new ManualTime();
        var sidecar = await StandInSidecar.StartAsync(options ?? new StandInOptions(), new FineTime(clock));
        return new StandInRig(sidecar, clock);
    }

    /// <summary>Opens one more stream; the number is for <see cref="NextAsync" />.</summary>
    public async Task<int> OpenAsync()
    {
        var open = Sidecar.Streams;
        var items = Connection.GetWorkItemsAsync(_ => { }, ending.Token).GetAsyncEnumerator(ending.Token);
        streams.Add(items);
        Waiting.Add(items.MoveNextAsync().AsTask());
        while (Sidecar.Streams <= open && !Waiting[^1].IsCompleted) await Task.Yield();
        return streams.Count - 1;
    }

    /// <summary>Every stream's next item, on its way.</summary>
    public List<Task<bool>> Waiting { get; } = [];

    public async Task<WorkItem> NextAsync(int stream = 0)
    {
        (await Waiting[stream].WaitAsync(Patience)).Should().BeTrue("the stream goes on");
        var item = streams[stream].Current;
        Waiting[stream] = streams[stream].MoveNextAsync().AsTask();
        return item;
    }

    public async Task<WorkflowRequest> NextTurnAsync(int stream = 0) => (await NextAsync(stream)).Workflow;

    public async Task<ActivityRequest> NextActivityAsync(int stream = 0) => (await NextAsync(stream)).Activity;

    public async Task<SidecarException> BrokenAsync(int stream = 0) =>
        (await FluentActions.Awaiting(() => Waiting[stream].WaitAsync(Patience))
            .Should().ThrowAsync<SidecarException>()).Which;

    public Task StartInstanceAsync(string id = "a", string? input = null) =>
        Connection.StartInstanceAsync(
            new StartRequest { InstanceId = id, Name = "place-order", Input = input }, default);

    public Task AnswerAsync(WorkflowRequest turn, params WorkflowAction[] actions) => Connection.CompleteTurnAsync(
        new WorkflowResponse { InstanceId = turn.InstanceId, Actions = { actions }, CustomStatus = "s" }, default);

    public Task AnswerAsync(ActivityRequest activity, string result = "{}") => Connection.CompleteActivityAsync(
        new ActivityResponse { InstanceId = activity.Instance.InstanceId, TaskId = activity.TaskId, Result = result },
        default);

    public Task RaiseAsync(string name, string id = "a") =>
        Connection.RaiseEventAsync(new RaiseRequest { InstanceId = id, Name = name }, default);

    /// <summary>There and back: what was on its way from the stand-in before has been sent.</summary>
    public Task HelloAsync() => Connection.HelloAsync(default);

    public async Task<InstanceState?> StateAsync(string id = "a") =>
        (await Connection.GetInstanceAsync(new InstanceRequest { InstanceId = id, WithPayloads = true }, default))
            .State;

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(
            Waiting.Select(async waiting => await waiting.ContinueWith(_ => { }, TaskScheduler.Default)));
        Connection.Dispose();
        Http.Dispose();
        await Sidecar.DisposeAsync();
        ending.Dispose();
    }

    public static WorkflowAction Schedule(int id, string name = "call") =>
        new() { Id = id, ScheduleTask = new ScheduleTask { Name = name } };

    public static WorkflowAction End(int id, RunStatus status = RunStatus.Completed) =>
        new() { Id = id, Complete = new CompleteWorkflow { Status = status, Result = "{}" } };

    public WorkflowAction Timer(int id, TimeSpan after, string? name = null, bool isPlain = true)
    {
        var timer = new CreateTimer
        {
            FireAt = Timestamp.FromDateTimeOffset(Clock.GetUtcNow() + after),
            Plain = isPlain ? new PlainTimer() : null,
        };
        if (name is not null) timer.Name = name;
        return new WorkflowAction { Id = id, CreateTimer = timer };
    }

    /// <summary>The kinds of a turn's new events.</summary>
    public static IReadOnlyList<string> Fresh(WorkflowRequest turn) => Kinds(turn.Fresh);

    public static IReadOnlyList<string> Kinds(IEnumerable<HistoryEvent> events) =>
        [.. events.Select(one => one.KindCase.ToString())];
}
