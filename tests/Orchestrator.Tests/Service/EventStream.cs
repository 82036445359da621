using System.Globalization;
using System.Text.Json;

namespace Orchestrator.Tests.Service;

/// <summary>One server-sent event.</summary>
internal sealed record StreamItem(string Name, long Id, JsonElement Saga)
{
    public string Phase => Saga.GetProperty("phase").GetString()!;

    public string SagaId => Saga.GetProperty("id").GetString()!;
}

/// <summary>A reader of server-sent events, line by line.</summary>
internal sealed class EventStream : IAsyncDisposable
{
    private readonly HttpResponseMessage answer;
    private readonly StreamReader lines;
    private readonly CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));

    private EventStream(HttpResponseMessage answer, StreamReader lines)
    {
        this.answer = answer;
        this.lines = lines;
    }

    public static async Task<EventStream> OpenAsync(
        RunningService service, string path, params (string Name, string Value)[] headers)
    {
        var opened = await service.SendAsync(HttpMethod.Get, path, null, headers);
        opened.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        var stream = new EventStream(opened, new StreamReader(await opened.Content.ReadAsStreamAsync()));
        (await stream.lines.ReadLineAsync()).Should().StartWith("retry:");
        (await stream.lines.ReadLineAsync()).Should().BeEmpty();
        return stream;
    }

    public async Task<StreamItem> NextAsync() =>
        await TryNextAsync() ?? throw new InvalidOperationException("The stream has ended.");

    /// <summary>Null at the end of the stream.</summary>
    public async Task<StreamItem?> TryNextAsync()
    {
        var (name, id, data) = ("", 0L, "");
        while (await lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
            if (line.StartsWith("id: ", StringComparison.Ordinal)) id = long.Parse(line[4..], CultureInfo.InvariantCulture);
            if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            if (line.Length > 0 || data.Length == 0) continue;
            using var document = JsonDocument.Parse(data);
            return new StreamItem(name, id, document.RootElement.Clone());
        }

        return null;
    }

    public async Task<StreamItem> UntilAsync(Func<StreamItem, bool> found)
    {
        while (true)
        {
            var item = await NextAsync();
            if (found(item)) return item;
        }
    }

    public ValueTask DisposeAsync()
    {
        patience.Dispose();
        lines.Dispose();
        answer.Dispose();
        return ValueTask.CompletedTask;
    }
}
