namespace Orchestrator.Participant;

/// <summary>Limits of the library, each with its reason.</summary>
internal static class ParticipantLimits
{
    /// <summary>
    /// Rows undone in one transaction at most: large enough to share a commit. One statement writes them, and SQL
    /// Server takes 2,100 parameters.
    /// </summary>
    internal const int UndoBatch = 250;

    /// <summary>
    /// Rows of the first transaction of undos, and of the next one after a failure: each of these may have to be undone
    /// alone. So many are undone where there is one writer even while a command waits for it: less would not be worth
    /// a commit.
    /// </summary>
    internal const int FewUndos = 10;

    /// <summary>
    /// After this long a transaction of undos ends with what it has: commands wait for the rows of the business that
    /// the undos touch.
    /// </summary>
    internal static readonly TimeSpan UndoSlice = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// The same where the database has one writer and every command waits: about as long as a command itself takes. It
    /// ends sooner when one comes.
    /// </summary>
    internal static readonly TimeSpan UndoSliceOfOneWriter = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// How long undos stand back after a slice during which a command came: long enough for what waited for the rows of
    /// the business, and for its saga's next command.
    /// </summary>
    internal static readonly TimeSpan UndoPause = TimeSpan.FromMilliseconds(4);

    /// <summary>
    /// The same where the database has one writer, which stands in line again behind whoever came.
    /// </summary>
    internal static readonly TimeSpan UndoPauseOfOneWriter = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// After so many slices SQLite's log is moved, a hundred pages or so: long before a commit has to do it, which
    /// moves all of it while everybody waits.
    /// </summary>
    internal const int SlicesPerLogMove = 5;

    /// <summary>
    /// How long moving the log may wait, in seconds: the driver would wait half a minute for a database in memory that
    /// somebody writes to, and the undos behind it.
    /// </summary>
    internal const int MoveLogSeconds = 1;

    /// <summary>Rows deleted in one transaction, for the same reason.</summary>
    internal const int PurgeBatch = 500;

    /// <summary>Rows of a page of the list when the caller names no number.</summary>
    internal const int Page = 100;

    /// <summary>Rows of the longest page: each may hold a body, and the page is built in memory.</summary>
    internal const int LongestPage = 500;

    /// <summary>Sagas looked up in one statement; SQL Server takes 2,100 parameters.</summary>
    internal const int EndedChunk = 200;

    /// <summary>
    /// How often a transaction is tried that the database turned away as busy or as a deadlock's victim.
    /// </summary>
    internal const int TransactionTries = 6;

    /// <summary>The pause before the second try; each further one is twice as long.</summary>
    internal static readonly TimeSpan TransactionPause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// After this long a transaction is not tried again, and a statement no longer waits for another that holds its
    /// row: the caller has given up or soon will.
    /// </summary>
    internal static readonly TimeSpan TransactionPatience = TimeSpan.FromSeconds(3);

    /// <summary>What the caller is told in <c>Retry-After</c> when the database stays busy, in seconds.</summary>
    internal const string RetryAfterSeconds = "1";

    /// <summary>Pause after a sweep that found only rows another replica holds, so that it does not spin.</summary>
    internal static readonly TimeSpan LockedRowsPause = TimeSpan.FromMilliseconds(50);

    /// <summary>How often old rows are purged and rows in doubt are counted.</summary>
    internal static readonly TimeSpan UpkeepInterval = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Events published at once: enough to fill a connection pool, few enough to lose little when the host dies.
    /// </summary>
    internal const int PublishBatch = 32;

    /// <summary>How often the pause before an unreachable broker is tried again doubles.</summary>
    internal const int PublishDoublings = 8;

    /// <summary>How long publishing one event may take.</summary>
    internal static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a row that is being published is kept from other replicas: longer than publishing may take.
    /// </summary>
    internal static readonly TimeSpan PublishLease = TimeSpan.FromSeconds(10);

    /// <summary>The first pause before an unreachable broker is tried again.</summary>
    internal static readonly TimeSpan FirstPublishPause = TimeSpan.FromMilliseconds(100);
}
