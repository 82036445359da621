namespace Orchestrator.Tests.Service.Security;

/// <summary>A stream that somebody with a token reads, line by line.</summary>
internal sealed class LineStream : IAsyncDisposable
{
    private readonly HttpResponseMessage answer;
    private readonly StreamReader lines;
    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));

    private LineStream(HttpResponseMessage answer, StreamReader lines) => (this.answer, this.lines) = (answer, lines);

    internal bool HasEnded { get; private set; }

    internal static async Task<LineStream> OpenAsync(RunningService service, string path, string token)
    {
        var opened = await service.SendAsync(HttpMethod.Get, path, null, ("Authorization", "Bearer " + token));
        ((int)opened.StatusCode).Should().Be(200);
        var stream = new LineStream(opened, new StreamReader(await opened.Content.ReadAsStreamAsync()));
        await stream.NextAsync();
        return stream;
    }

    /// <summary>Reads a line.</summary>
    internal async Task NextAsync() => HasEnded = await lines.ReadLineAsync(patience.Token) is null;

    /// <summary>Reads to the end, which has to come soon.</summary>
    internal async Task EndAsync()
    {
        while (!HasEnded) await NextAsync();
    }

    public ValueTask DisposeAsync()
    {
        patience.Dispose();
        lines.Dispose();
        answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
