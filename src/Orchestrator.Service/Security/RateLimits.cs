using System.Globalization;
using System.Threading.RateLimiting;
using Orchestrator.Service.Api.Problems;

namespace Orchestrator.Service.Security;

/// <summary>How many requests one caller may send, by name or else by address of the network.</summary>
internal static class RateLimits
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Adds the limit, where one is configured.</summary>
    public static void AddRateLimits(this IServiceCollection services, SecuritySettings settings)
    {
        if (settings.RequestsPerSecond is not { } rate) return;
        services.AddRateLimiter(limiter =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
                AccessTable.IsOpen(http)
                    ? RateLimitPartition.GetNoLimiter("open")
                    : RateLimitPartition.GetTokenBucketLimiter(KeyOf(http), _ => Bucket(rate)));
            limiter.OnRejected = static (context, _) => new ValueTask(RefuseAsync(context.HttpContext));
        });
    }

    /// <summary>
    /// A caller's bucket. A burst of one second's worth is fine. The tokens of a period are whole, so the period is
    /// what makes them the rate.
    /// </summary>
    internal static TokenBucketRateLimiterOptions Bucket(int rate)
    {
        var tokens = Math.Max(1, (int)(rate * Period.TotalSeconds));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds((double)tokens / rate),
            QueueLimit = 0,
        };
    }

    private static string KeyOf(HttpContext http) =>
        Caller.Of(http).Name ?? http.Connection.RemoteIpAddress?.ToString() ?? "";

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.RetryAfter = 1.ToString(CultureInfo.InvariantCulture);
        return Problem.Of(
            StatusCodes.Status429TooManyRequests,
            ProblemCodes.TooManyRequests,
            "You send more requests than one caller may. Nothing was done. Send this one again in a second.")
            .ExecuteAsync(http);
    }
}
