namespace Orchestrator.Service.Reconciling;

/// <summary>Limits of the comparison, each with its reason.</summary>
internal static class ReconcileLimits
{
    /// <summary>Items asked for at once: the longest page of either side.</summary>
    public const int Page = 500;

    /// <summary>Sagas compared at once: a live service must not feel it.</summary>
    public const int AtOnce = 8;

    /// <summary>How long one request may take.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after its end a saga's participants should have heard of it.</summary>
    public static TimeSpan EndIsTold { get; } = TimeSpan.FromMinutes(1);
}
