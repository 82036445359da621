using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Orchestrator.StandIn;

var options = StandInOptions.Read(args);
var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
await using var sidecar = await StandInSidecar.StartAsync(options);
// One line that a program can read.
Console.WriteLine(new JsonObject
{
    ["grpcPort"] = sidecar.GrpcAddress.Port,
    ["httpPort"] = sidecar.HttpAddress.Port,
    ["appId"] = options.AppId,
}.ToJsonString());
await ended.Task;

void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    ended.TrySetResult();
}
