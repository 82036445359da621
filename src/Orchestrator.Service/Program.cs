using Orchestrator.Service.Hosting;

return await Commands.RunAsync(args, Console.Out, Console.Error);
