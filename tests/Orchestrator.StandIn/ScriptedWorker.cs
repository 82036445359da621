using Orchestrator.Dapr;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.StandIn;

/// <summary>
/// A worker that decides by a function: what tests of the stand-in itself, and of other clients, put behind it.
/// </summary>
internal sealed class ScriptedWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly SidecarConnection connection;
    private readonly Func<WorkflowRequest, IEnumerable<WorkflowAction>> decide;
    private readonly Func<ActivityRequest, string?> act;
    private readonly Task running;

    /// <summary>Connects and goes on, over broken streams too, until it is disposed.</summary>
    public ScriptedWorker(
        SidecarConnection connection,
        Func<WorkflowRequest, IEnumerable<WorkflowAction>> decide,
        Func<ActivityRequest, string?>? act = null)
    {
        (this.connection, this.decide, this.act) = (connection, decide, act ?? (_ => "{}"));
        running = RunAsync();
    }

    /// <summary>The custom status of an answer: how many events the turn had, by default.</summary>
    public Func<WorkflowRequest, string?> CustomStatus { get; init; } = turn => $"{turn.Past.Count + turn.Fresh.Count}";

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await running;
        ending.Dispose();
    }

    private async Task RunAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await foreach (var item in connection.GetWorkItemsAsync(_ => { }, ending.Token))
                    await AnswerAsync(item);
            }
            catch (Exception broken) when (broken is SidecarException or OperationCanceledException)
            {
                // The stream is opened again at once; a sidecar that is away refuses quickly enough.
                await Task.Yield();
            }
        }
    }

    private async Task AnswerAsync(WorkItem item)
    {
        if (item.Activity is { } activity)
        {
            var result = act(activity);
            await connection.CompleteActivityAsync(
                new ActivityResponse
                {
                    InstanceId = activity.Instance.InstanceId,
                    TaskId = activity.TaskId,
                    Result = result,
                },
                ending.Token);
            return;
        }

        var answer =
            new WorkflowResponse { InstanceId = item.Workflow.InstanceId, CustomStatus = CustomStatus(item.Workflow) };
        answer.Actions.Add(decide(item.Workflow));
        await connection.CompleteTurnAsync(answer, ending.Token);
    }
}
