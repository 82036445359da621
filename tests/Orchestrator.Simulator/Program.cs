using Orchestrator.Simulator;

return Options.Read(args, Environment.GetEnvironmentVariable("SIM_SEED")) is { } options
    ? new Tour(options, Console.Out).Run()
    : Options.Explain(Console.Error);
