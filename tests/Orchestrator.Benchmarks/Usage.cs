namespace Orchestrator.Benchmarks;

/// <summary>What the program can do.</summary>
internal static class Usage
{
    private const string Text = """
        Orchestrator.Benchmarks load [options]     sagas per second over real processes, beside the loopback ceiling
          --users N       virtual users; each starts a saga, waits for its end, starts the next (default 30)
          --seconds S     measured time (default 20)
          --warmup S      time before that, not measured; the runtime compiles its hot paths anew meanwhile (default 20)
          --waiting N     also measures with N sagas waiting on timers, in turn without and with (default 0)
          --rounds N      turns of that (default 3)
          --url URL       a service that runs already, instead of one of its own
          --postgres CS   on the empty PostgreSQL database of this connection string, instead of a SQLite file
          --telemetry S   traces, metrics, logs, with commas between, go out by OTLP to a collector that forgets them
          --data DIR      where the database lies during the run; removed afterwards (default beside this program)
          --json FILE     writes the figures there too

        Orchestrator.Benchmarks ceiling [--users N] [--seconds S] [--warmup S]     the ceiling alone

        Orchestrator.Benchmarks lists [--data DIR]     every list in a store of 100,000 finished and 5,000 live sagas

        Orchestrator.Benchmarks pages [options]    what the pages' questions take with 100,000 finished and 5,000
                                                   live sagas, and what three open pages cost the sagas of `load`:
                                                   --rounds turns without and with them. Exit code 0 only when every
                                                   p95 is below 200 ms and the sagas lose less than 5 %

        Orchestrator.Benchmarks batch [options]    how long a cancel of 10,000 sagas takes over HTTP, the memory of it,
                                                   and what the sagas of `load` feel meanwhile; let --seconds be long
                                                   enough for it

        Orchestrator.Benchmarks timers [--users N] [--data DIR]     how late timers fire: N sagas a second wait for a
                                                   retry and for their deadline, for 20 s (--seconds)

        Orchestrator.Benchmarks expiry [options]   from expiry to undone, for sagas that expire in one instant with
                                                   everybody but their participant dead, and what others there feel
          --sagas N       how many expire (default 1,000)
          --bursts N      how often, one burst after the other, all held beforehand (default 1)
          --others N      other sagas a second at that participant (default 100)
          --undo one|many whether the participant has an undo for each, or one for many beside it (default one)
          --postgres CONN the participant's database, empty; default is a SQLite file
          --data DIR      as above

        Orchestrator.Benchmarks micro [BenchmarkDotNet options]     the pure functions; --filter '*' for all

        Orchestrator.Benchmarks participant        what `load` starts: answers every command at once
        Orchestrator.Benchmarks holder DATABASE    what `expiry` starts: a participant with the library

        Build with -c Release. Exit code 0 only when every saga was completed.
        """;

    /// <summary>Prints the help and answers the exit code.</summary>
    public static int Print(TextWriter writer, int exitCode)
    {
        writer.WriteLine(Text);
        return exitCode;
    }
}
