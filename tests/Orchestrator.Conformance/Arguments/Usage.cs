namespace Orchestrator.Conformance.Arguments;

/// <summary>How the kit is called.</summary>
internal static class Usage
{
    internal const string Text = """
        Checks a participant of sagas, in whatever language it is written, over HTTP alone.

        dotnet run --project tests/Orchestrator.Conformance -- http://host:port --step NAME --data good.json [more]

        ADDRESS              the participant's base address
        --step NAME          its compensatable step
        --data FILE          data that the step accepts; --refused FILE: data that its business refuses
        --pivot NAME         its pivot;     --pivot-data FILE, --pivot-refused FILE (else --data)
        --retriable NAME     its retriable; --retriable-data FILE, --retriable-refused FILE (else --data)
        --unarmed            the step is a plain HTTP service (confirm: none)
        --do-path PATH, --undo-path PATH   where it is done and undone, if not below the prefix
        --prefix PATH        what stands before the action; default /saga
        --probe PATH         an address whose text changes with a do and is as before after its undo, such as /stock/A1.
                             With it the kit sees what the business code really did, not only what the ledger says.
        --restart "COMMAND"  kills the participant (kill -9) and starts it again, in the background; run by the shell
        --token TOKEN        sent as Authorization: Bearer; the kit then also checks that nobody comes in without it
        --hold SECONDS       how long a step is held whose expiry is waited for (2)
        --sweep SECONDS      how long after the expiry the participant may take to start its undo (1)
        --grace SECONDS      what is forgiven beyond that, for the undo itself and a busy machine (2)
        --timeout SECONDS    how long one answer may take (10)
        --time SECONDS       how long the whole run may take (300); what was not checked by then counts as broken
        --json FILE          a report for programs as well; "-" for standard output, instead of the text
        --only ID,ID         only these checks
        --strict             what is only advised must be kept as well
        --verbose            shows every message, also of what was kept
        --list               names all checks

        {{saga}} in a data file becomes the saga's id, for actions that take each order once.
        Run it against a copy: it does and undoes steps, and some stay done. Nobody else may use the step meanwhile.
        Exit code 0: everything that was checked was kept ("not checked" says what was not, and why); 1: something was
        broken; 2: wrong arguments, or nobody answers there; 3: nothing was broken, but this machine was too slow for
        some checks ("cannot tell"): run them again.
        """;
}
