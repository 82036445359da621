using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Orchestrator.Contract;

namespace Orchestrator.Service.Api;

/// <summary>What <c>/openapi/v1.json</c> says besides what the addresses say of themselves.</summary>
internal static class ApiDocument
{
    /// <summary>Adds title and the types that write themselves.</summary>
    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Orchestrator",
                Version = "v1",
                Description = "Sagas with a deadline that every participant keeps by itself. Every error is "
                    + "application/problem+json.",
            };
            document.Servers?.Clear();
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo.Type);
            return Task.CompletedTask;
        });
    }

    /// <summary>
    /// Names the content types of a body. ASP.NET's own Accepts would also refuse other types before the endpoint could
    /// say what to send instead.
    /// </summary>
    public static RouteHandlerBuilder TakesBody(this RouteHandlerBuilder route, params string[] contentTypes) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Content = contentTypes.ToDictionary(type => type, _ => new OpenApiMediaType(), StringComparer.Ordinal),
            };
            return Task.CompletedTask;
        });

    private static void Describe(OpenApiSchema schema, Type type)
    {
        if (type == typeof(DateTimeOffset) || type == typeof(DateTimeOffset?))
        {
            schema.Type = type == typeof(DateTimeOffset)
                ? JsonSchemaType.String
                : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }
        else if (type == typeof(JsonData) || type == typeof(JsonData?))
        {
            schema.Description = "Any JSON value.";
        }
    }
}
