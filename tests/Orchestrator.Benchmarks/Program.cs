using Orchestrator.Benchmarks;
using Orchestrator.Benchmarks.Batches;
using Orchestrator.Benchmarks.Expiry;
using Orchestrator.Benchmarks.Lists;
using Orchestrator.Benchmarks.Load;
using Orchestrator.Benchmarks.Micro;
using Orchestrator.Benchmarks.Pages;
using Orchestrator.Benchmarks.Timers;

return args switch
{
    ["load", .. var rest] => await LoadCommand.RunAsync(rest),
    ["ceiling", .. var rest] => await LoadCommand.RunCeilingAsync(rest),
    ["lists", .. var rest] => await ListsCommand.RunAsync(rest),
    ["pages", .. var rest] => await PagesCommand.RunAsync(rest),
    ["batch", .. var rest] => await BatchCommand.RunAsync(rest),
    ["timers", .. var rest] => await TimersCommand.RunAsync(rest),
    ["expiry", .. var rest] => await ExpiryCommand.RunAsync(rest),
    ["holder", .. var rest] => await HoldingParticipant.RunAsync(rest),
    ["participant", .. var rest] => await InstantParticipant.RunAsync(rest),
    ["micro", .. var rest] => MicroCommand.Run(rest),
    ["help" or "--help" or "-h"] => Usage.Print(Console.Out, 0),
    _ => Usage.Print(Console.Error, 2),
};
