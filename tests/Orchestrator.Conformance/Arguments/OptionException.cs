namespace Orchestrator.Conformance.Arguments;

/// <summary>Something about the command line that the person can put right. Shown as one sentence.</summary>
internal sealed class OptionException(string message) : Exception(message);
