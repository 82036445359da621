using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Orchestrator.Databases;

/// <summary>
/// A PostgreSQL server of this test run's own: started at the first use, on a socket in a folder of its own, ended and
/// removed with the process, however it ends. Safe for any number of threads.
/// </summary>
public sealed class PostgresServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private static readonly Lazy<Task<PostgresServer>> OfThisRun = new(StartAsync);

    private readonly Process keeper;
    private readonly string folder;
    private long databases;

    private PostgresServer(Process keeper, string folder)
    {
        this.keeper = keeper;
        this.folder = folder;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
    }

    /// <summary>
    /// The server. Throws <see cref="InvalidOperationException" /> that says what to install when there is no
    /// PostgreSQL on this machine.
    /// </summary>
    public static Task<PostgresServer> GetAsync() => OfThisRun.Value;

    /// <summary>An empty database; disposing drops it.</summary>
    public static async Task<PostgresDatabase> CreateDatabaseAsync()
    {
        var server = await GetAsync();
        var number = Interlocked.Increment(ref server.databases);
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Environment.ProcessId}_{number}");
        await server.ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        return new PostgresDatabase(server, name, server.ConnectionStringOf(name));
    }

    internal async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionStringOf("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = folder,
        Username = "postgres",
        Database = database,
        // Databases come and go; none of their connections is to be kept for long.
        ConnectionIdleLifetime = 5,
        ConnectionPruningInterval = 1,
    }.ConnectionString;

    private static async Task<PostgresServer> StartAsync()
    {
        // The socket's path may have about 100 characters, so the folder's is short.
        var home = Directory.CreateTempSubdirectory("pg-").FullName;
        var start = new ProcessStartInfo("/bin/sh", ["-c", PostgresScript.Text, "postgres-for-tests", Binaries(), home])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var shell = Process.Start(start)!;
        var words = new List<string>();
        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        DataReceivedEventHandler hear = (_, line) =>
        {
            lock (words) words.Add(line.Data ?? "");
            if (line.Data == PostgresScript.Ready) ready.TrySetResult(true);
            if (line.Data is null) ready.TrySetResult(false);
        };
        shell.OutputDataReceived += hear;
        shell.ErrorDataReceived += (_, line) =>
        {
            lock (words) words.Add(line.Data ?? "");
        };
        shell.BeginOutputReadLine();
        shell.BeginErrorReadLine();
        var server = new PostgresServer(shell, home);
        if (await ready.Task.WaitAsync(Patience, TimeProvider.System)) return server;
        server.Stop();
        lock (words) throw new InvalidOperationException($"PostgreSQL did not start:\n{string.Join('\n', words)}");
    }

    /// <summary>The folder of <c>postgres</c> and <c>initdb</c>; Debian keeps them out of the path.</summary>
    private static string Binaries()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderByDescending(Version).Select(version => Path.Combine(version, "bin"))
            : [];
        return versions.Concat(path).FirstOrDefault(
            bin => File.Exists(Path.Combine(bin, "postgres")) && File.Exists(Path.Combine(bin, "initdb")))
            ?? throw new InvalidOperationException(
                "The tests on PostgreSQL start a server of their own, and there is no postgres on this machine, "
                + "neither in the PATH nor under /usr/lib/postgresql. Install it: apt-get install postgresql.");
    }

    private static int Version(string path) =>
        int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : 0;

    /// <summary>The end of its input ends the keeper, and the keeper the server.</summary>
    private void Stop()
    {
        try
        {
            keeper.StandardInput.Close();
            keeper.WaitForExit(StopPatience);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            // It has ended already.
        }
    }
}
