using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Dapr.Wire;

namespace Orchestrator.Tests.Dapr;

/// <summary>A line of a conversation with a real sidecar.</summary>
/// <param name="At">The time of day.</param>
/// <param name="Dir">out: to the sidecar; in: from it; http: its HTTP API; note: what happened beside it.</param>
/// <param name="Method">The protocol's name of the call, or the HTTP method and path.</param>
/// <param name="Base64">The message; null when there was none.</param>
/// <param name="Decoded">The message as JSON, by somebody else's names of the same numbers.</param>
/// <param name="Note">The error of a call that failed.</param>
/// <param name="Request">The body of an HTTP request.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Response">The body of an HTTP answer.</param>
internal sealed record RecordedLine(
    string? At, string Dir, string? Method, string? Base64, string? Decoded, string? Note, string? Request, int? Status,
    string? Response)
{
    /// <summary>The message, parsed by what the call says it is.</summary>
    public IMessage Message(bool discardUnknown = false) =>
        Recordings.Parser(Dir, Method!)
            .WithDiscardUnknownFields(discardUnknown).ParseFrom(Convert.FromBase64String(Base64!));
}

/// <summary>The conversations of the folder Recorded.</summary>
internal static class Recordings
{
    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web);

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Dapr", "Recorded");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.jsonl")
        .Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public static IReadOnlyList<RecordedLine> Read(string name) =>
    [
        .. File.ReadLines(Path.Combine(Folder, name + ".jsonl"))
            .Select(line => JsonSerializer.Deserialize<RecordedLine>(line, Lines)!),
    ];

    public static MessageParser Parser(string dir, string method) => (dir, method) switch
    {
        ("out", "GetWorkItems") => WorkItemsRequest.Parser,
        ("in", "GetWorkItems") => WorkItem.Parser,
        ("out", "CompleteWorkflowTask") => WorkflowResponse.Parser,
        ("out", "CompleteActivityTask") => ActivityResponse.Parser,
        ("out", "StartInstance") => StartRequest.Parser,
        ("in", "StartInstance") => StartReply.Parser,
        ("out", "GetInstance" or "WaitForInstanceCompletion") => InstanceRequest.Parser,
        ("in", "GetInstance" or "WaitForInstanceCompletion") => InstanceReply.Parser,
        ("out", "RaiseEvent") => RaiseRequest.Parser,
        ("out", "TerminateInstance") => TerminateRequest.Parser,
        ("out", "SuspendInstance" or "ResumeInstance") => PauseRequest.Parser,
        ("out", "PurgeInstances") => PurgeRequest.Parser,
        ("in", "PurgeInstances") => PurgeReply.Parser,
        ("out", "ListInstanceIDs") => ListRequest.Parser,
        ("in", "ListInstanceIDs") => ListReply.Parser,
        ("out", "GetInstanceHistory") => HistoryRequest.Parser,
        ("in", "GetInstanceHistory") => HistoryReply.Parser,
        ("in", "CompleteWorkflowTask" or "CompleteActivityTask" or "RaiseEvent" or "TerminateInstance" or "SuspendInstance"
            or "ResumeInstance") => Nothing.Parser,
        _ => throw new ArgumentException($"What is {dir} {method}?", nameof(method)),
    };
}
