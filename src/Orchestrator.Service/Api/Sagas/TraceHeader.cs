using System.Diagnostics;
using Microsoft.Extensions.Primitives;

namespace Orchestrator.Service.Api.Sagas;

/// <summary>Reads <c>traceparent</c> (W3C trace context). A wrong one is ignored, as the recommendation asks.</summary>
internal static class TraceHeader
{
    private const int Length = 55;

    /// <summary>The header when it is well formed, else null.</summary>
    public static string? Read(StringValues header) =>
        header is [{ Length: Length } only] && ActivityContext.TryParse(only, null, out _) ? only : null;
}
