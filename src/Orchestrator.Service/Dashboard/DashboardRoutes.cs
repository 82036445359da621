using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Orchestrator.Service.Dashboard;

/// <summary>The pages: static files from this assembly, which talk to the public API and to nothing else.</summary>
internal static class DashboardRoutes
{
    private const string Prefix = "dashboard/";
    private const string Start = "index.html";

    private const string SecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps them.</summary>
    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        foreach (var name in typeof(DashboardRoutes).Assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            var asset = Asset.Load(name);
            app.MapGet(name == Prefix + Start ? "/" : "/assets/" + name[Prefix.Length..], asset.Answer)
                .ExcludeFromDescription();
        }
    }

    private sealed record Asset(byte[] Bytes, string ContentType, EntityTagHeaderValue Tag)
    {
        public static Asset Load(string name)
        {
            using var stream = typeof(DashboardRoutes).Assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
            return new Asset(bytes, TypeOf(name), new EntityTagHeaderValue($"\"{hash}\""));
        }

        public FileContentHttpResult Answer(HttpContext http)
        {
            http.Response.Headers.CacheControl = "no-cache";
            http.Response.Headers.ContentSecurityPolicy = SecurityPolicy;
            http.Response.Headers.XContentTypeOptions = "nosniff";
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
            return TypedResults.Bytes(Bytes, ContentType, entityTag: Tag);
        }

        private static string TypeOf(string name) => Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            var other =>
                throw new InvalidOperationException($"The pages have no content type for {other}. Add it here."),
        };
    }
}
