using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shop;

/// <summary>Who listens where on 127.0.0.1.</summary>
internal sealed class ShopPorts
{
    internal const string Orchestrator = "orchestrator";
    internal const string Order = "order";
    internal const string Inventory = "inventory";
    internal const string Payment = "payment";
    internal const string Delivery = "delivery";

    private const int FirstFree = 10_000;
    private const int LastFree = 30_000;

    private static int last = Random.Shared.Next(FirstFree, LastFree);

    private readonly Dictionary<string, int> ports;

    private ShopPorts(Dictionary<string, int> ports) => this.ports = ports;

    /// <summary>The four services.</summary>
    internal static IReadOnlyList<string> Services { get; } = [Order, Inventory, Payment, Delivery];

    /// <summary>All five programs, the orchestrator first.</summary>
    internal static IReadOnlyList<string> Programs { get; } = [Orchestrator, .. Services];

    /// <summary>5080 and 5101 to 5104, as the definitions say.</summary>
    internal static ShopPorts Default { get; } = new(
        Programs.Zip([5080, 5101, 5102, 5103, 5104]).ToDictionary(StringComparer.Ordinal));

    /// <summary>Options that choose other ports: all at once, or one by one.</summary>
    internal static IReadOnlyList<string> Options { get; } = ["ports", .. Programs.Select(name => $"{name}-port")];

    internal int this[string program] => ports[program];

    internal string UrlOf(string program) =>
        $"http://127.0.0.1:{ports[program].ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads the options; 0 stands for any free port.</summary>
    internal static ShopPorts Read(CommandLine line)
    {
        var chosen = new Dictionary<string, int>(Default.ports, StringComparer.Ordinal);
        if (line.Get("ports") is { } all)
        {
            var listed = all.Split(',', StringSplitOptions.TrimEntries);
            if (listed.Length != Programs.Count)
                throw new CommandLineException(
                    $"--ports needs {Programs.Count} numbers, for {string.Join(", ", Programs)}: --ports "
                    + "5080,5101,5102,5103,5104.");
            foreach (var (name, text) in Programs.Zip(listed)) chosen[name] = Number("ports", text);
        }

        foreach (var name in Programs)
        {
            if (line.Get($"{name}-port") is { } text) chosen[name] = Number($"{name}-port", text);
        }

        var free = new Queue<int>(FreePorts(chosen.Count(each => each.Value == 0)));
        foreach (var name in Programs.Where(name => chosen[name] == 0)) chosen[name] = free.Dequeue();
        return new ShopPorts(chosen);
    }

    /// <summary>Five ports that were free a moment ago.</summary>
    internal static ShopPorts Free() =>
        new(Programs.Zip(FreePorts(Programs.Count)).ToDictionary(StringComparer.Ordinal));

    /// <summary>The same with some programs on other ports that were free a moment ago.</summary>
    internal ShopPorts Move(IReadOnlyList<string> programs)
    {
        var moved = new Dictionary<string, int>(ports, StringComparer.Ordinal);
        foreach (var (program, port) in programs.Zip(FreePorts(programs.Count))) moved[program] = port;
        return new ShopPorts(moved);
    }

    /// <summary>One port that was free a moment ago.</summary>
    internal static int FreeOne() => FreePorts(1)[0];

    /// <summary>A sentence that names every port somebody else listens on; null when all are free.</summary>
    internal string? DescribeTaken()
    {
        var taken = Programs.Where(name => IsTaken(ports[name])).ToList();
        if (taken.Count == 0) return null;
        var list = string.Join(", ", taken.Select(name => $"{ports[name]} (for {name})"));
        return $"Taken on 127.0.0.1: port {list}. Stop what listens there (an earlier run?), "
            + $"or choose others, for example --{taken[0]}-port {ports[taken[0]] + 1000}.";
    }

    private static int Number(string option, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port
            : throw new CommandLineException(
                $"--{option} takes numbers from 0 (any free port) to {IPEndPoint.MaxPort}, not {text}.");

    /// <summary>True when somebody listens on this port of 127.0.0.1; 0 never is.</summary>
    internal static bool IsTaken(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    // Taken from below the range that systems hand out to outgoing connections: a program that is killed must find its
    // port free again when it comes back. One after the other from somewhere, so that a port this process has given
    // out is not given out again while its program is still starting, or dead for a moment.
    private static List<int> FreePorts(int count)
    {
        var free = new List<int>();
        while (free.Count < count)
        {
            var port = FirstFree + (int)((uint)Interlocked.Increment(ref last) % (LastFree - FirstFree));
            if (!IsTaken(port)) free.Add(port);
        }

        return free;
    }
}
