using Orchestrator.Engine.Committing;
using Orchestrator.Engine.Committing.Work;
using Orchestrator.Engine.Ports;

namespace Orchestrator.Engine.Auditing;

/// <summary>
/// Takes what was refused into the audit list. What is accepted is written there by the commit that does it. Safe for
/// any number of threads.
/// </summary>
public interface IAuditTrail
{
    /// <summary>
    /// Has it written soon, and waits for nothing. More than <see cref="EngineLimits.MaxRefusalsAudited" /> in a minute
    /// are counted in the log alone: nobody can fill the disk by being refused.
    /// </summary>
    void Refused(AuditRow row);
}

/// <summary>See <see cref="IAuditTrail" />.</summary>
internal sealed class AuditTrail(Inbox inbox, TimeProvider time, Log log) : IAuditTrail
{
    private readonly Lock gate = new();
    private long minute;
    private int taken;
    private int leftOut;

    /// <inheritdoc />
    public void Refused(AuditRow row)
    {
        if (MayTake()) inbox.Post(new AuditWork(row));
    }

    private bool MayTake()
    {
        lock (gate)
        {
            var now = time.GetUtcNow().Ticks / TimeSpan.TicksPerMinute;
            if (now != minute)
            {
                if (leftOut > 0) log.RefusalsLeftOut(leftOut);
                (minute, taken, leftOut) = (now, 0, 0);
            }

            if (taken < EngineLimits.MaxRefusalsAudited)
            {
                taken++;
                return true;
            }

            leftOut++;
            return false;
        }
    }
}

/// <summary>Something that was refused. Losing it loses a line of the list.</summary>
internal sealed class AuditWork(AuditRow row) : EngineWork
{
    public override void Add(TurnBatch batch, LiveSagas sagas) => batch.Commit.Audits.Add(row);

    public override bool Failed(string text) => false;
}
