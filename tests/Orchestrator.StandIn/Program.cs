using System.Text.Json.Nodes;
using Orchestrator.StandIn;

var options = StandInOptions.Read(args);
await using var sidecar = await StandInSidecar.StartAsync(options);
using var ended = new ManualResetEventSlim();
AppDomain.CurrentDomain.ProcessExit += (_, _) => ended.Set();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    ended.Set();
};

// One line that a program can read.
Console.WriteLine(new JsonObject
{
    ["grpcPort"] = sidecar.GrpcAddress.Port,
    ["httpPort"] = sidecar.HttpAddress.Port,
    ["appId"] = options.AppId,
}.ToJsonString());
ended.Wait();
