namespace Orchestrator.Service.Api.Owners;

/// <summary>Before an address that does something to a saga: its owner does it.</summary>
internal sealed class OwnerFilter(OwnerForwarder forwarder) : IEndpointFilter
{
    /// <inheritdoc />
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetRouteValue("id") is not string id) return await next(context);
        return await forwarder.CarryAsync(http, id) ?? await next(context);
    }
}
