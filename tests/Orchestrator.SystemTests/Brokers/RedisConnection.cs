using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestrator.SystemTests.Brokers;

/// <summary>Redis said no, or is not there.</summary>
internal sealed class RedisException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// One connection to Redis and as much of its protocol (RESP2) as a broker needs. One command at a time.
/// </summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly TcpClient client;
    private readonly BufferedStream stream;

    private RedisConnection(TcpClient client)
    {
        this.client = client;
        stream = new BufferedStream(client.GetStream());
    }

    internal static async Task<RedisConnection> OpenAsync(int port, CancellationToken cancel)
    {
        var opened = new TcpClient { NoDelay = true };
        try
        {
            await opened.ConnectAsync(IPAddress.Loopback, port, cancel);
            return new RedisConnection(opened);
        }
        catch (SocketException e)
        {
            opened.Dispose();
            throw new RedisException(e.Message, e);
        }
    }

    /// <summary>Sends a command; its answer is a text, a number, a list or null.</summary>
    internal async Task<object?> SendAsync(CancellationToken cancel, params string[] command)
    {
        try
        {
            var request = new ArrayBufferWriter<byte>();
            Write(request, $"*{command.Length}\r\n");
            foreach (var part in command)
            {
                Write(request, $"${Encoding.UTF8.GetByteCount(part)}\r\n");
                Write(request, part);
                Write(request, "\r\n");
            }

            await stream.WriteAsync(request.WrittenMemory, cancel);
            await stream.FlushAsync(cancel);
            return await ReadAsync(cancel);
        }
        catch (IOException e)
        {
            throw new RedisException(e.Message, e);
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        client.Dispose();
    }

    private static void Write(ArrayBufferWriter<byte> request, string text) => Encoding.UTF8.GetBytes(text, request);

    private async Task<object?> ReadAsync(CancellationToken cancel)
    {
        var line = await ReadLineAsync(cancel);
        switch (line[0])
        {
            case '+':
                return line[1..];
            case '-':
                throw new RedisException(line[1..]);
            case ':':
                return long.Parse(line[1..], CultureInfo.InvariantCulture);
            case '$':
                return await ReadTextAsync(int.Parse(line[1..], CultureInfo.InvariantCulture), cancel);
            case '*':
                var count = int.Parse(line[1..], CultureInfo.InvariantCulture);
                if (count < 0) return null;
                var list = new object?[count];
                for (var i = 0; i < count; i++) list[i] = await ReadAsync(cancel);
                return list;
            default:
                throw new RedisException($"Redis said \"{line}\".");
        }
    }

    private async Task<string?> ReadTextAsync(int length, CancellationToken cancel)
    {
        if (length < 0) return null;
        var bytes = new byte[length + 2];
        await stream.ReadExactlyAsync(bytes, cancel);
        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancel)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(one, cancel);
            if (one[0] == '\n') return line.ToString(0, line.Length - 1);
            line.Append((char)one[0]);
        }
    }
}
