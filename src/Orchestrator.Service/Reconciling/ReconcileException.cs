namespace Orchestrator.Service.Reconciling;

/// <summary>It cannot be compared; the message says why and what to do.</summary>
internal sealed class ReconcileException(string message, Exception? inner = null) : Exception(message, inner);
