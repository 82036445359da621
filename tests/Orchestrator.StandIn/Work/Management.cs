using System.Globalization;
using Orchestrator.Dapr.Framing;
using Orchestrator.Dapr.Wire;
using Orchestrator.StandIn.Instances;
using Instance = Orchestrator.StandIn.Instances.Instance;

namespace Orchestrator.StandIn.Work;

/// <summary>A call that is answered with a status.</summary>
internal sealed class RefusedException(GrpcStatus status, string text) : Exception(text)
{
    public GrpcStatus Status { get; } = status;
}

/// <summary>
/// Starts, reads and changes instances. Whatever goes through the instance's actor waits until a stream of work is
/// open, as that is when there are actors. Thread-safe.
/// </summary>
internal sealed class Management(Hub hub)
{
    private const string Missing = "no such instance exists";
    private static readonly object Here = new();

    public async Task<StartReply> StartAsync(StartRequest request, CancellationToken cancel)
    {
        await ConnectedAsync(cancel);
        lock (hub.Guard)
        {
            var id = request.InstanceId.Length > 0 ? request.InstanceId : Guid.NewGuid().ToString();
            if (hub.Find(id) is { IsEnded: false })
            {
                throw new RefusedException(
                    GrpcStatus.AlreadyExists,
                    "failed to create workflow instance: rpc error: code = AlreadyExists desc = "
                    + $"an active workflow with ID '{id}' already exists");
            }

            var instance = new Instance(new StoredInstance { Id = id, Name = request.Name });
            instance.Stored.Inbox.Add(
                Events.ExecutionStarted(hub.Time.GetUtcNow(), hub.App, id, request.Name, request.Input));
            hub.Add(instance);
            hub.QueueTurn(instance);
            hub.Pulse();
            return new StartReply { InstanceId = id };
        }
    }

    /// <summary>Works without a stream.</summary>
    public InstanceReply Get(InstanceRequest request)
    {
        lock (hub.Guard)
        {
            return hub.Find(request.InstanceId) is { } instance
                ? new InstanceReply { Exists = true, State = instance.State(request.WithPayloads) }
                : new InstanceReply();
        }
    }

    /// <summary>Waits until an instance has had its first turn, or has ended.</summary>
    public async Task<InstanceReply> WaitAsync(InstanceRequest request, bool untilEnd, CancellationToken cancel)
    {
        lock (hub.Guard)
        {
            if (hub.Streams.Count == 0)
                throw new RefusedException(GrpcStatus.FailedPrecondition, "did not find address for actor");
        }

        return await hub.UntilAsync(
            () =>
            {
                var instance = hub.Find(request.InstanceId) ?? throw new RefusedException(GrpcStatus.Unknown, Missing);
                return (untilEnd ? instance.IsEnded : instance.Status != RunStatus.Pending)
                    ? new InstanceReply { Exists = true, State = instance.State(request.WithPayloads) }
                    : null;
            },
            cancel);
    }

    public Task RaiseAsync(RaiseRequest request, CancellationToken cancel) => TellAsync(
        request.InstanceId,
        "",
        one => one.EventRaised = new EventRaised { Name = request.Name, Input = request.Input },
        cancel);

    /// <summary>
    /// How many raised events of a name no turn of the instance has worked off yet. Works without a stream.
    /// </summary>
    public int WaitingEvents(string id, string name)
    {
        lock (hub.Guard) return hub.Find(id)?.Stored.Inbox.Count(one => one.EventRaised?.Name == name) ?? 0;
    }

    public Task TerminateAsync(TerminateRequest request, CancellationToken cancel) => TellAsync(
        request.InstanceId,
        "failed to submit termination request: ",
        one => one.ExecutionTerminated =
            new ExecutionTerminated { Input = request.Output, Recurse = request.Recursive },
        cancel);

    public Task SuspendAsync(PauseRequest request, CancellationToken cancel) => TellAsync(
        request.InstanceId, "", one => one.Suspended = new Suspended { Reason = request.Reason }, cancel);

    public Task ResumeAsync(PauseRequest request, CancellationToken cancel) => TellAsync(
        request.InstanceId, "", one => one.Resumed = new Resumed { Reason = request.Reason }, cancel);

    public async Task<PurgeReply> PurgeAsync(PurgeRequest request, CancellationToken cancel)
    {
        if (!request.Force) await ConnectedAsync(cancel);
        lock (hub.Guard)
        {
            var instance = Existing(request.InstanceId, "failed to purge workflow state: ");
            if (!instance.IsEnded && !request.Force)
            {
                throw new RefusedException(
                    GrpcStatus.Unknown, "failed to purge workflow state: orchestration has not yet completed");
            }

            hub.Remove(instance);
            hub.Pulse();
            return new PurgeReply { Deleted = 1 };
        }
    }

    public ListReply List(ListRequest request)
    {
        lock (hub.Guard)
        {
            var token = request.HasContinuationToken ? request.ContinuationToken : "0";
            var skip = int.TryParse(token, CultureInfo.InvariantCulture, out var number) ? number : 0;
            var rest = hub.All.Skip(skip).Select(instance => instance.Id).ToArray();
            if (!request.HasPageSize || rest.Length <= request.PageSize)
                return new ListReply { InstanceIds = { rest } };
            return new ListReply
            {
                InstanceIds = { rest[..(int)request.PageSize] },
                ContinuationToken = (skip + request.PageSize).ToString(CultureInfo.InvariantCulture),
            };
        }
    }

    public HistoryReply History(HistoryRequest request)
    {
        lock (hub.Guard)
        {
            var instance = Existing(request.InstanceId, "");
            return new HistoryReply { Events = { instance.Stored.History.Select(one => one.Clone()) } };
        }
    }

    /// <summary>Puts an event into the inbox; an instance that has ended takes it and does nothing.</summary>
    private async Task TellAsync(string id, string before, Action<HistoryEvent> set, CancellationToken cancel)
    {
        await ConnectedAsync(cancel);
        lock (hub.Guard)
        {
            var instance = Existing(id, before);
            if (instance.IsEnded) return;
            var told = Events.Of(hub.Time.GetUtcNow());
            set(told);
            instance.Stored.Inbox.Add(told);
            hub.Save(instance);
            hub.QueueTurn(instance);
            hub.Pulse();
        }
    }

    private Instance Existing(string id, string before) =>
        hub.Find(id) ?? throw new RefusedException(GrpcStatus.Unknown, before + Missing);

    private Task<object> ConnectedAsync(CancellationToken cancel) =>
        hub.UntilAsync(() => hub.Streams.Count > 0 ? Here : null, cancel);
}
