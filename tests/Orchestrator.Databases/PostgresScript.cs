namespace Orchestrator.Databases;

/// <summary>
/// What keeps the server: a shell that waits for the end of its input, which comes also when the test run is killed,
/// then stops the server and removes its folder.
/// </summary>
internal static class PostgresScript
{
    /// <summary>Said once connections are taken.</summary>
    public const string Ready = "ready";

    /// <summary>
    /// $1 the folder of the programs, $2 the folder of the server. PostgreSQL refuses to run as root, so root runs it
    /// as somebody who may do less. Nothing is synced: what a crash of the machine would lose is worth nothing. Hence
    /// its data are in memory where there is room: making and dropping a database is hundreds of files, which a disk's
    /// file system pays for with more processor time than the tests themselves.
    /// </summary>
    public const string Text = """
        bin=$1 folder=$2
        trap '' INT HUP
        as=
        if [ "$(id -u)" -eq 0 ]; then
          user=nobody
          id postgres >/dev/null 2>&1 && user=postgres
          chown "$user" "$folder"
          as="setpriv --reuid=$user --regid=$(id -g "$user") --clear-groups --inh-caps=-all"
        fi
        cd "$folder" || exit 1
        data=$folder/data memory=
        if [ "$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 2000000 ] 2>/dev/null; then
          memory=$($as mktemp -d /dev/shm/pg-XXXXXX) && data=$memory/data
        fi
        $as "$bin/initdb" -D "$data" -U postgres --auth=trust --no-sync --no-locale -E UTF8 >initdb.log 2>&1 || {
          cat initdb.log; rm -rf "$folder" "$memory"; exit 1
        }
        $as "$bin/postgres" -D "$data" -k "$folder" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
          -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB -c log_min_messages=fatal \
          </dev/null >server.log 2>&1 &
        server=$!
        stop() {
          kill -INT "$server" 2>/dev/null
          wait "$server"
          cd / && rm -rf "$folder" "$memory"
          exit
        }
        trap stop TERM
        tries=0
        until [ -S "$folder/.s.PGSQL.5432" ] && grep -q ready "$data/postmaster.pid" 2>/dev/null; do
          kill -0 "$server" 2>/dev/null && [ "$tries" -lt 600 ] || { cat server.log; stop; }
          tries=$((tries + 1))
          sleep 0.1
        done
        echo ready
        while read -r _; do :; done
        stop
        """;
}
