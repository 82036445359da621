using Google.Protobuf.WellKnownTypes;
using Orchestrator.Contract;
using Orchestrator.Core.Deciding;
using Orchestrator.Core.History;
using Orchestrator.Dapr.Wire;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Dapr.Translating;

/// <summary>Turns decisions into the sidecar's actions. The id of an action is the seq of its decision.</summary>
internal static class ActionWriter
{
    /// <summary>
    /// Name of the timer that stands for the end of a saga whose instance goes on; it fires for nothing.
    /// </summary>
    public const string EndedTimer = "ended";

    /// <summary>
    /// The answer to a turn: everything the sidecar does not have yet, and the end when the saga has ended.
    /// </summary>
    public static WorkflowResponse Turn(InstanceFold fold)
    {
        var saga = fold.Saga!;
        var response = Answer(fold.InstanceId, SagaStatus.Of(saga));
        if (saga is Ended ended && saga.IsClosed())
        {
            response.Actions.Add(Complete(saga.Version, RunStatus.Completed, ended.End.Output ?? JsonData.Null));
            return response;
        }

        foreach (var (id, decided) in fold.Unscheduled)
        {
            response.Actions.Add(decided switch
            {
                CallSent sent => Schedule(id, saga, sent),
                TimerSet timer => Timer(id, timer.Timer, timer.DueAt),
                // The instance goes on for undos that nobody has acknowledged; its history has to know of the end.
                SagaEnded end => Timer(id, EndedTimer, end.At),
                _ => throw new System.Diagnostics.UnreachableException($"{decided.GetType().Name} is no action."),
            });
        }

        return response;
    }

    /// <summary>The answer of an instance that was terminated: nothing it asks for is carried out.</summary>
    public static WorkflowResponse Terminated(InstanceFold fold, string continuedBy) =>
        Answer(fold.InstanceId, SagaStatus.Of(fold.Saga!) with { ContinuedBy = continuedBy });

    /// <summary>The same instance goes on with a shorter history.</summary>
    public static WorkflowResponse ContinueAsNew(InstanceFold fold, InstanceInput input)
    {
        var response = Answer(fold.InstanceId, SagaStatus.Of(fold.Saga!));
        var complete = new CompleteWorkflow { Status = RunStatus.ContinuedAsNew, Result = input.Write() };
        response.Actions.Add(new WorkflowAction { Id = fold.Saga!.Version, Complete = complete });
        return response;
    }

    /// <summary>The instance ends, because its saga has.</summary>
    public static WorkflowResponse AlreadyEnded(string instanceId, Ended saga)
    {
        var response = Answer(instanceId, SagaStatus.Of(saga));
        response.Actions.Add(Complete(0, RunStatus.Completed, saga.End.Output ?? JsonData.Null));
        return response;
    }

    /// <summary>The instance ends as failed: it is none of ours.</summary>
    public static WorkflowResponse Refuse(string instanceId, string? sagaId, string reason)
    {
        var response = Answer(instanceId, new SagaStatus { Reason = reason, Saga = sagaId });
        var complete = new CompleteWorkflow
        {
            Status = RunStatus.Failed,
            Failure = new Failure { ErrorType = "NotASaga", ErrorMessage = reason, NonRetriable = true },
        };
        response.Actions.Add(new WorkflowAction { Complete = complete });
        return response;
    }

    // Left out, the custom status would be cleared.
    private static WorkflowResponse Answer(string instanceId, SagaStatus status) =>
        new() { InstanceId = instanceId, CustomStatus = status.Write() };

    private static WorkflowAction Schedule(int id, StartedSaga saga, CallSent sent)
    {
        var call = ParticipantCall.Of(saga, saga.FindKey(sent.Step)!, sent);
        return new WorkflowAction
        {
            Id = id,
            ScheduleTask = new ScheduleTask
            {
                Name = CallNames.Of(sent.Step, sent.Command, sent.Extension),
                Input = CallPayload.Of(call).Write(),
            },
        };
    }

    private static WorkflowAction Timer(int id, string name, DateTimeOffset dueAt) => new()
    {
        Id = id,
        CreateTimer = new CreateTimer
        {
            Name = name,
            FireAt = Timestamp.FromDateTimeOffset(dueAt),
            Plain = new PlainTimer(),
        },
    };

    private static WorkflowAction Complete(int id, RunStatus status, JsonData result) =>
        new() { Id = id, Complete = new CompleteWorkflow { Status = status, Result = result.ToString() } };
}
