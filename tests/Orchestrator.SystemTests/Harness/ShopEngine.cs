namespace Orchestrator.SystemTests.Harness;

/// <summary>What runs the sagas of an open shop.</summary>
public enum ShopEngine
{
    /// <summary>The orchestrator's own engine.</summary>
    Embedded,

    /// <summary>Dapr Workflow, with a stand-in for its sidecar as a process of its own.</summary>
    Dapr,
}
