using Orchestrator.Service.Hosting;
using Orchestrator.Service.Reconciling;
using Orchestrator.Service.Security;

return args switch
{
    ["ledger", "reconcile", .. var options] =>
        await ReconcileCommand.RunAsync(options, Console.Out, Console.Error, CancellationToken.None),
    ["key", ..] => KeyCommand.Run(args, Console.Out, Console.Error),
    _ => await ServiceRun.RunAsync(args, Console.Error),
};
