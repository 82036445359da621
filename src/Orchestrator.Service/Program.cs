using Orchestrator.Service.Hosting;

return await ServiceRun.RunAsync(args, Console.Error);
