namespace Orchestrator.SystemTests.Brokers;

/// <summary>
/// Topics as streams of a Redis: a message stays until every subscriber has acknowledged it, and one that was not
/// acknowledged is delivered again. Safe for any number of threads.
/// </summary>
internal sealed class RedisTopics(int port)
{
    private const string Field = "event";
    private const string Consumer = "the-one";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Keeps a message. Throws <see cref="RedisException" />.</summary>
    internal async Task PublishAsync(string topic, string message, CancellationToken cancel)
    {
        using var connection = await RedisConnection.OpenAsync(port, cancel);
        await connection.SendAsync(cancel, "XADD", topic, "*", Field, message);
    }

    /// <summary>Delivers what comes until it is cancelled, over every outage; true acknowledges.</summary>
    internal async Task SubscribeAsync(
        string topic, string subscriber, Func<string, Task<bool>> deliver, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                using var connection = await RedisConnection.OpenAsync(port, cancel);
                await JoinAsync(connection, topic, subscriber, cancel);
                while (true) await DeliverAsync(connection, topic, subscriber, deliver, cancel);
            }
            catch (RedisException)
            {
                // It is away; it comes back with what it held.
                await Task.Delay(Pause, TimeProvider.System, cancel)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task JoinAsync(
        RedisConnection connection, string topic, string subscriber, CancellationToken cancel)
    {
        try
        {
            await connection.SendAsync(cancel, "XGROUP", "CREATE", topic, subscriber, "0", "MKSTREAM");
        }
        catch (RedisException known) when (known.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // Before an outage it had joined already.
        }
    }

    private static async Task DeliverAsync(
        RedisConnection connection, string topic, string subscriber, Func<string, Task<bool>> deliver,
        CancellationToken cancel)
    {
        // What was delivered and not acknowledged first, then what is new.
        foreach (var from in (string[])["0", ">"])
        {
            var answer = await connection.SendAsync(
                cancel, "XREADGROUP", "GROUP", subscriber, Consumer, "COUNT", "10", "BLOCK", "100", "STREAMS", topic,
                from);
            if (answer is not object?[] { Length: > 0 } streams) continue;
            foreach (var entry in ((object?[])((object?[])streams[0]!)[1]!).Cast<object?[]>())
            {
                var id = (string)entry[0]!;
                if (await deliver((string)((object?[])entry[1]!)[1]!))
                    await connection.SendAsync(cancel, "XACK", topic, subscriber, id);
            }
        }
    }
}
