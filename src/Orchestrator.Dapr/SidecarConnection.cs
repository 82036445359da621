using Google.Protobuf;
using Orchestrator.Dapr.Connecting;
using Orchestrator.Dapr.Framing;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.Dapr;

/// <summary>
/// The sidecar's own protocol, a method per call. Every call throws <see cref="SidecarException" /> when it fails,
/// whatever broke, and <see cref="OperationCanceledException" /> only when the caller gave up; nothing is tried twice
/// here. A call that failed may have been carried out. Thread-safe; connects with the first call and again after a
/// break.
/// </summary>
internal sealed class SidecarConnection : IDisposable
{
    private readonly SidecarTransport transport;
    private readonly DaprOptions options;
    private volatile bool takesOldName;

    /// <summary>Checks the options (<see cref="ArgumentException" />) and connects to nothing yet.</summary>
    public SidecarConnection(DaprOptions options, TimeProvider time)
    {
        options.Validate();
        this.options = options;
        transport = new SidecarTransport(options, time);
    }

    /// <summary>
    /// Opens a stream of work and yields what comes, in order, until it ends: by return when the sidecar closed it in
    /// peace, by an exception otherwise; either way a new one is to be opened. An item that was taken and not answered
    /// comes again on a new stream. Several streams share the work. Nothing tells that a stream is open before its
    /// first item; the sidecar takes up to two seconds until it gives work. No limit of time. An item that is too large
    /// or cannot be read is told to <paramref name="skipped" /> and never yielded.
    /// </summary>
    public IAsyncEnumerable<WorkItem> GetWorkItemsAsync(Action<SkippedMessage> skipped, CancellationToken cancel)
    {
        // A new stream may lead to another sidecar, which is asked for the newer method first again.
        takesOldName = false;
        return transport.StreamAsync("GetWorkItems", new WorkItemsRequest(), WorkItem.Parser, skipped, cancel);
    }

    /// <summary>
    /// Answers a turn; sidecars before 1.18 under the method's old name. OK also for a turn that is unknown or was
    /// answered before. The next turn of the instance may come before this call has returned.
    /// </summary>
    public async Task CompleteTurnAsync(WorkflowResponse response, CancellationToken cancel)
    {
        if (!takesOldName)
        {
            try
            {
                await CompleteAsync("CompleteWorkflowTask", response, cancel);
                return;
            }
            catch (SidecarException failure) when (failure.Status == GrpcStatus.Unimplemented)
            {
                takesOldName = true;
            }
        }

        await CompleteAsync("CompleteOrchestratorTask", response, cancel);
    }

    /// <summary>
    /// Answers an activity. OK also for one that is unknown, was answered before or whose instance has ended.
    /// </summary>
    public Task CompleteActivityAsync(ActivityResponse response, CancellationToken cancel) =>
        CompleteAsync("CompleteActivityTask", response, cancel);

    /// <summary>
    /// Starts an instance. <see cref="SidecarException.IsAlreadyRunning" /> when its id is running; an instance of that
    /// id that has ended is overwritten without a word. Without an open stream of work the sidecar does not answer
    /// (deadline exceeded).
    /// </summary>
    public Task<StartReply> StartInstanceAsync(StartRequest request, CancellationToken cancel) =>
        CallAsync("StartInstance", request, StartReply.Parser, cancel);

    /// <summary>
    /// Reads an instance; <see cref="InstanceReply.Exists" /> is false when there is none. Works without a stream.
    /// </summary>
    public Task<InstanceReply> GetInstanceAsync(InstanceRequest request, CancellationToken cancel) =>
        CallAsync("GetInstance", request, InstanceReply.Parser, cancel);

    /// <summary>
    /// Raises an event. <see cref="SidecarException.IsNoSuchInstance" /> when there is no instance; for one that has
    /// ended it goes well and does nothing.
    /// </summary>
    public Task RaiseEventAsync(RaiseRequest request, CancellationToken cancel) =>
        CallAsync("RaiseEvent", request, Nothing.Parser, cancel);

    /// <summary>
    /// Ends an instance at once. <see cref="SidecarException.IsNoSuchInstance" /> when there is none.
    /// </summary>
    public Task TerminateInstanceAsync(TerminateRequest request, CancellationToken cancel) =>
        CallAsync("TerminateInstance", request, Nothing.Parser, cancel);

    /// <summary>Pauses an instance, which enforces nothing: it is told by a turn.</summary>
    public Task SuspendInstanceAsync(PauseRequest request, CancellationToken cancel) =>
        CallAsync("SuspendInstance", request, Nothing.Parser, cancel);

    /// <summary>Resumes a paused instance, which is told by a turn.</summary>
    public Task ResumeInstanceAsync(PauseRequest request, CancellationToken cancel) =>
        CallAsync("ResumeInstance", request, Nothing.Parser, cancel);

    /// <summary>
    /// Deletes an instance that has ended, with its history. <see cref="SidecarException.IsNotEnded" /> when it has
    /// not.
    /// </summary>
    public Task<PurgeReply> PurgeInstancesAsync(PurgeRequest request, CancellationToken cancel) =>
        CallAsync("PurgeInstances", request, PurgeReply.Parser, cancel);

    /// <summary>A page of the ids of all instances, also of ended ones; no continuation token on the last.</summary>
    public Task<ListReply> ListInstanceIdsAsync(ListRequest request, CancellationToken cancel) =>
        CallAsync("ListInstanceIDs", request, ListReply.Parser, cancel);

    /// <summary>The whole history of an instance, also while it runs.</summary>
    public Task<HistoryReply> GetInstanceHistoryAsync(HistoryRequest request, CancellationToken cancel) =>
        CallAsync("GetInstanceHistory", request, HistoryReply.Parser, cancel);

    /// <summary>Asks for a sign of life.</summary>
    public Task HelloAsync(CancellationToken cancel) => CallAsync("Hello", new Nothing(), Nothing.Parser, cancel);

    /// <inheritdoc />
    public void Dispose() => transport.Dispose();

    private Task<Nothing> CompleteAsync(string method, IMessage response, CancellationToken cancel) =>
        transport.CallAsync(method, response, Nothing.Parser, options.CompletionTimeout, cancel);

    private Task<TReply> CallAsync<TReply>(
        string method, IMessage request, MessageParser<TReply> parser, CancellationToken cancel)
        where TReply : class, IMessage<TReply> =>
        transport.CallAsync(method, request, parser, options.CallTimeout, cancel);
}
