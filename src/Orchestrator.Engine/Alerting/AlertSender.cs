using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Orchestrator.Contract;
using Orchestrator.Contract.Events;

namespace Orchestrator.Engine.Alerting;

/// <summary>
/// Sends events to targets over HTTP. Redirects are not followed: an address comes from the configuration alone. Safe
/// for any number of threads.
/// </summary>
internal sealed class AlertSender(TimeProvider time) : IDisposable
{
    private const string KeyPrefix = "whsec_";

    private static readonly MediaTypeHeaderValue MediaType = new(StructuredEventWriter.MediaType) { CharSet = "utf-8" };

    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = EngineLimits.ConnectionLifetime,
        ActivityHeadersPropagator = null,
    });

    /// <summary>Sends one event once. Throws only <see cref="OperationCanceledException" />.</summary>
    public async Task<AlertDelivery> SendAsync(
        AlertTarget target, string id, JsonData message, CancellationToken cancel)
    {
        using var request = RequestOf(target, id, message);
        using var limit = new CancellationTokenSource(EngineLimits.AlertTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var response = await http.SendAsync(request, either.Token);
            var status = (int)response.StatusCode;
            var taken = response.IsSuccessStatusCode;
            return new AlertDelivery(
                target, taken, status, taken ? "It was taken." : $"{target.Url.Authority} answered {status}.");
        }
        catch (OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return Silent(target, $"did not answer within {EngineLimits.AlertTimeout.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Silent(target, $"cannot be reached: {(e.InnerException ?? e).Message}");
        }
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private static AlertDelivery Silent(AlertTarget target, string why) =>
        new(target, false, null, $"{target.Url.Authority} {why}");

    private HttpRequestMessage RequestOf(AlertTarget target, string id, JsonData message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url)
        {
            Content = new ReadOnlyMemoryContent(message.Utf8),
        };
        request.Content.Headers.ContentType = MediaType;
        if (target.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (target.Secret is { } secret) Sign(request, secret, id, message);
        return request;
    }

    /// <summary>As in Standard Webhooks: over the id, the second it is sent and the body.</summary>
    private void Sign(HttpRequestMessage request, string secret, string id, JsonData message)
    {
        var second = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{second}."), .. message.Utf8.Span];
        var signature = Convert.ToBase64String(HMACSHA256.HashData(KeyOf(secret), signed));
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", second);
        request.Headers.TryAddWithoutValidation("webhook-signature", $"v1,{signature}");
    }

    private static byte[] KeyOf(string secret)
    {
        if (!secret.StartsWith(KeyPrefix, StringComparison.Ordinal)) return Encoding.UTF8.GetBytes(secret);
        var encoded = secret[KeyPrefix.Length..];
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out var length)
            ? key[..length]
            : Encoding.UTF8.GetBytes(secret);
    }
}
