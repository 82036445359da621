using System.Globalization;

namespace Shop.Payment;

/// <summary>
/// The bank behind the payment service can be closed for a while, so that a person has time to kill something while an
/// order is under way: <c>POST /bank/close?seconds=15</c>. A charge is answered 503 meanwhile, which the orchestrator
/// takes for what it is: no answer yet.
/// </summary>
internal sealed class BankHours(TimeProvider clock)
{
    private const int LongestSeconds = 600;

    private long opensAtMilliseconds;

    internal void Map(WebApplication app)
    {
        app.MapPost("/bank/close", Close);
        app.Use(async (context, next) =>
        {
            if (IsClosed() && context.Request.Path == "/saga/charge/do")
            {
                await Results.Problem(
                    title: "Closed", detail: "The bank is closed. Try again later.",
                    statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
                return;
            }

            await next(context);
        });
    }

    private bool IsClosed() =>
        clock.GetUtcNow().ToUnixTimeMilliseconds() < Interlocked.Read(ref opensAtMilliseconds);

    private IResult Close(int seconds)
    {
        if (seconds is < 0 or > LongestSeconds)
            return Results.Problem(
                title: "Wrong number", statusCode: StatusCodes.Status422UnprocessableEntity,
                detail: $"seconds must lie between 0 and {LongestSeconds}.");
        var opensAt = clock.GetUtcNow().AddSeconds(seconds);
        Interlocked.Exchange(ref opensAtMilliseconds, opensAt.ToUnixTimeMilliseconds());
        return Results.Ok(
            new { closedUntil = opensAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) });
    }
}
