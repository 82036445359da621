using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Shop.Running;

namespace Orchestrator.SystemTests.Dapr;

/// <summary>
/// Something else that takes work from the sidecar of an orchestrator and answers every turn of one instance with
/// nothing: so the sidecar ends an instance without the orchestrator having heard of it.
/// </summary>
internal sealed class BareWorker(SidecarPorts sidecar) : IDisposable
{
    private const int FrameHead = 5;

    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Answers until <paramref name="isEnough" />; then it is gone.</summary>
    internal async Task AnswerAsync(string instanceId, Func<Task<bool>> isEnough)
    {
        using var work = Request("GetWorkItems", []);
        using var stream = await client.SendAsync(work, HttpCompletionOption.ResponseHeadersRead);
        while (!await isEnough())
        {
            // Field 1 of the answer is the instance; no actions follow.
            var id = Encoding.UTF8.GetBytes(instanceId);
            using var turn = Request("CompleteWorkflowTask", [0x0A, (byte)id.Length, .. id]);
            using var taken = await client.SendAsync(turn);
            await Harness.Pause.OfAsync(50);
        }
    }

    public void Dispose() => client.Dispose();

    private HttpRequestMessage Request(string method, byte[] message)
    {
        var frame = new byte[FrameHead + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, FrameHead);
        var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri($"http://127.0.0.1:{sidecar.Grpc}/TaskHubSidecarService/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        return request;
    }
}
