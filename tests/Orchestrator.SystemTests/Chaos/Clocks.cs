using System.Globalization;

namespace Orchestrator.SystemTests.Chaos;

/// <summary>
/// A clock of its own for every program, by libfaketime: the program reads how far it is off from a file, every second.
/// What programs wait for by elapsed time is left alone, as when somebody sets a machine's clock.
/// </summary>
internal sealed class Clocks : IDisposable
{
    private const string SharedMemory = "/dev/shm";

    private readonly string folder;
    private readonly string library;

    private Clocks(string folder, string library)
    {
        this.folder = folder;
        this.library = library;
    }

    /// <summary>Fails where libfaketime is missing: a promise nobody checked is not kept.</summary>
    internal static Clocks In(string folder)
    {
        Directory.CreateDirectory(folder);
        var found = Directory.GetDirectories("/usr/lib").Append("/usr/local/lib")
            .Select(each => Path.Combine(each, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists);
        found.Should().NotBeNull("clocks are moved by libfaketime: install the package libfaketime");
        return new Clocks(folder, found!);
    }

    /// <summary>What a program is started with.</summary>
    internal IReadOnlyDictionary<string, string> EnvironmentOf(string program)
    {
        if (!File.Exists(FileOf(program))) Set(program, TimeSpan.Zero);
        SweepUp();
        return new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = FileOf(program),
            ["FAKETIME_CACHE_DURATION"] = "1",
            ["FAKETIME_DONT_RESET"] = "1",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    /// <summary>From the next second on the program's clock is off by so much.</summary>
    internal void Set(string program, TimeSpan ahead)
    {
        // Whoever reads it sees the old text or the new one, never half of it.
        var draft = FileOf(program) + ".new";
        var seconds = (long)ahead.TotalSeconds;
        File.WriteAllText(draft, string.Create(CultureInfo.InvariantCulture, $"{(seconds < 0 ? "" : "+")}{seconds}\n"));
        File.Move(draft, FileOf(program), overwrite: true);
    }

    /// <summary>Removes what the killed programs left behind.</summary>
    public void Dispose() => SweepUp();

    // Each program's libfaketime makes two files named after its process, which it removes only when it ends by itself;
    // a later process that happens to get the same number could not start beside them.
    private static void SweepUp()
    {
        foreach (var file in Directory.GetFiles(SharedMemory, "*faketime_*"))
        {
            var process = file[(file.LastIndexOf('_') + 1)..];
            if (!Directory.Exists($"/proc/{process}")) File.Delete(file);
        }
    }

    private string FileOf(string program) => Path.Combine(folder, "clock-" + program);
}
