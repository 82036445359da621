using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orchestrator.StandIn.Work;

namespace Orchestrator.StandIn.Serving;

/// <summary>What only a stand-in has: being told what to do wrong, by whoever cannot do it in the process.</summary>
internal sealed class ControlApi(Faults faults, WorkDesk desk)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        // POST /stand-in/faults/SaveFails?times=2
        routes.MapPost("/stand-in/faults/{kind}", (FaultKind kind, int? times) =>
        {
            faults.Next(kind, times ?? 1);
            return Results.NoContent();
        });
        // POST /stand-in/delays?item=500&completion=500, in milliseconds
        routes.MapPost("/stand-in/delays", (int? item, int? completion) =>
        {
            faults.ItemDelay = TimeSpan.FromMilliseconds(item ?? 0);
            faults.CompletionDelay = TimeSpan.FromMilliseconds(completion ?? 0);
            return Results.NoContent();
        });
        routes.MapPost("/stand-in/release", () =>
        {
            desk.Release();
            return Results.NoContent();
        });
    }
}
