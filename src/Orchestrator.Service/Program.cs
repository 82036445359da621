using Orchestrator.Service.Hosting;
using Orchestrator.Service.Reconciling;

return args is ["ledger", "reconcile", .. var options]
    ? await ReconcileCommand.RunAsync(options, Console.Out, Console.Error, CancellationToken.None)
    : await ServiceRun.RunAsync(args, Console.Error);
