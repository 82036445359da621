using System.Diagnostics;
using Orchestrator.Core.History;

namespace Orchestrator.Engine.Tracing;

/// <summary>
/// The one trace of a saga (W3C trace context). It is that of the request that started it, which is stored with the
/// start and so is the same after a restart; a start that came in no trace makes the saga's id the trace's, so that its
/// calls can still be found together. Pure; safe for any number of threads.
/// </summary>
public static class SagaTrace
{
    private const int IdLength = 32;

    /// <summary>
    /// The trace's id, 32 hexadecimal digits; null for a saga that came in no trace and whose id cannot be one.
    /// </summary>
    public static string? IdOf(SagaStarted start) =>
        TryRead(start.SagaId, start.TraceParent, out var context) ? context.TraceId.ToHexString() : null;

    /// <summary>
    /// The context a call goes out in when no span is made of it: what came with the start is passed on as it came.
    /// Null when there is none.
    /// </summary>
    /// <param name="sagaId">The saga.</param>
    /// <param name="traceParent">The context stored with its start, or that of a span; null when there is none.</param>
    public static string? ContextOf(string sagaId, string? traceParent)
    {
        if (traceParent is not null && ActivityContext.TryParse(traceParent, null, out _)) return traceParent;
        if (sagaId.Length != IdLength) return null;
        // A trace of which nobody records a span here, so it is not marked as recorded.
        var derived = $"00-{sagaId}-{sagaId.AsSpan(IdLength / 2)}-00";
        return ActivityContext.TryParse(derived, null, out _) ? derived : null;
    }

    /// <summary>The same, read.</summary>
    internal static bool TryRead(string sagaId, string? traceParent, out ActivityContext context) =>
        ActivityContext.TryParse(ContextOf(sagaId, traceParent), null, isRemote: true, out context);
}
