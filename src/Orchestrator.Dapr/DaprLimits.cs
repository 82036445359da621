namespace Orchestrator.Dapr;

/// <summary>Every limit of the connection to the sidecar, with its reason.</summary>
internal static class DaprLimits
{
    /// <summary>Bytes of one message: what a sidecar allows when it was not told otherwise (<c>--max-body-size</c>).</summary>
    public const int DefaultMaxMessageBytes = 4 * 1024 * 1024;

    /// <summary>A message may never be larger than this, whatever is configured: it is held in memory as a whole.</summary>
    public const int MostMaxMessageBytes = 256 * 1024 * 1024;

    /// <summary>Read from a stream at once; a buffer grows beyond it only for a message that does not fit.</summary>
    public const int ReadBytes = 16 * 1024;

    /// <summary>Characters of an error's text that are kept: enough for a sentence, too few to flood what is written down.</summary>
    public const int MaxErrorText = 2000;

    /// <summary>A management call: without a connected stream some of them get no answer at all.</summary>
    public static readonly TimeSpan DefaultCallTimeout = TimeSpan.FromSeconds(10);

    /// <summary>An answer to a work item: the sidecar saves it before it says yes.</summary>
    public static readonly TimeSpan DefaultCompletionTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Setting up a connection; the sidecar is near.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A silent connection is asked for a sign of life this often, so that a sidecar that is gone without a word is
    /// noticed. The sidecar closes connections that ask more often than every 8 seconds.
    /// </summary>
    public static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(30);

    /// <summary>A sign of life that does not come within this ends the connection.</summary>
    public static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(15);
}
