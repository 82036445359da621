using Orchestrator.Conformance;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    interrupted.Cancel();
};
return await ConformanceCommand.RunAsync(args, Console.Out, Console.Error, interrupted.Token);
