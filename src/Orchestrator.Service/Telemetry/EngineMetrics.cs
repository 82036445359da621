using Orchestrator.Engine;

namespace Orchestrator.Service.Telemetry;

/// <summary>The engine's figures under their stable names.</summary>
internal static class EngineMetrics
{
    /// <summary>Writes them.</summary>
    public static void WriteTo(MetricsText text, EngineFigures figures)
    {
        WriteSagas(text, figures);
        WriteStore(text, figures);
        WriteParticipants(text, figures.Participants);
    }

    private static void WriteSagas(MetricsText text, EngineFigures figures) => text
        .Gauge("orchestrator_sagas_live", "Sagas that have not ended.", figures.Live)
        .Gauge("orchestrator_sagas_stuck", "Sagas that need a person now.", figures.Stuck)
        .Gauge("orchestrator_sagas_in_doubt", "Sagas whose confirmed participant owes an undo now.", figures.InDoubt)
        .Gauge(
            "orchestrator_sagas_in_doubt_oldest_seconds",
            "For how long the oldest of them does.",
            figures.OldestInDoubtAge.TotalSeconds)
        .Counter("orchestrator_sagas_started_total", "Sagas started by this process.", figures.Started)
        .Head("orchestrator_sagas_ended_total", "Sagas ended in this process, by outcome.", "counter")
        .Line("orchestrator_sagas_ended_total", "outcome", "completed", figures.Completed)
        .Line("orchestrator_sagas_ended_total", "outcome", "compensated", figures.Compensated)
        .Gauge(
            "orchestrator_oldest_due_age_seconds",
            "Age of the oldest work that is due and not done, in seconds.",
            figures.OldestDueAge.TotalSeconds)
        .Gauge("orchestrator_endings_waiting", "Endings not yet told to a participant.", figures.EndingsWaiting)
        .Gauge(
            "orchestrator_oldest_event_age_seconds",
            "Age of the oldest event that waits for the broker, in seconds.",
            figures.OldestEventAge.TotalSeconds)
        .Gauge("orchestrator_facts_waiting", "Facts of sagas that wait for the broker.", figures.FactsWaiting)
        .Counter(
            "orchestrator_facts_left_out_total",
            "Facts of sagas left out because too many waited.",
            figures.FactsLeftOut)
        .Counter(
            "orchestrator_unexpected_replies_total",
            "Answers over the broker that no call waited for.",
            figures.UnexpectedReplies);

    private static void WriteStore(MetricsText text, EngineFigures figures) => text
        .Counter("orchestrator_commits_total", "Transactions written.", figures.Commits)
        .Counter("orchestrator_rows_written_total", "Rows written in them.", figures.Rows)
        .Counter("orchestrator_commit_failures_total", "Transactions that failed.", figures.CommitFailures);

    private static void WriteParticipants(MetricsText text, IReadOnlyList<ParticipantFigures> participants)
    {
        Family("orchestrator_participant_calls_total", "Calls that ended.", "counter", figures => figures.Calls);
        Family(
            "orchestrator_participant_call_failures_total", "Calls without a usable answer.", "counter",
            figures => figures.Failures);
        Family("orchestrator_participant_calls_under_way", "Calls under way.", "gauge", figures => figures.UnderWay);
        Family(
            "orchestrator_participant_calls_waiting", "Calls that wait for a place.", "gauge",
            figures => figures.Waiting);

        void Family(string name, string help, string type, Func<ParticipantFigures, long> value)
        {
            text.Head(name, help, type);
            foreach (var participant in participants)
                text.Line(name, "participant", participant.Name, value(participant));
        }
    }
}
