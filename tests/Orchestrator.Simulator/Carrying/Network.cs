using System.Globalization;
using Orchestrator.Contract;
using Orchestrator.Simulator.Orchestrating;
using Orchestrator.Simulator.Running;

namespace Orchestrator.Simulator.Carrying;

/// <summary>
/// Requests and answers between the orchestrator and its participants: lost, repeated, overtaken, late by minutes,
/// answered by something in between, cut off one way.
/// </summary>
internal sealed class Network(World world)
{
    private static readonly int[] Between = [503, 500, 404, 400, 302, 408, 429, 403, 202];

    private static readonly byte[] PlainOutput = """{"id":"plain"}"""u8.ToArray();

    private readonly Dictionary<string, SimulatedResponse?> later = [];

    /// <summary>Messages on their way.</summary>
    public int OnTheWay { get; private set; }

    /// <summary>
    /// Sends a request; <paramref name="back" /> hears of the answer at most once, of null when the connection broke.
    /// </summary>
    public void Send(SimulatedRequest request, Action<SimulatedResponse?> back)
    {
        world.Journal.Note($"-> {Words(request)}");
        if (request.Method == "GET")
        {
            Carry(() => Return(request, Ask(request.Path), back));
            return;
        }

        if (world.Faults.IsCut(request.To, toParticipant: true) || world.Faults.Loses())
        {
            world.Journal.Note($"   lost: {Words(request)}");
            if (world.Faults.BreaksLoudly()) Carry(() => back(null));
            return;
        }

        if (world.Faults.Repeats()) Carry(() => Arrive(request, _ => { }));
        if (!world.Faults.Garbles()) Carry(() => Arrive(request, response => Return(request, response, back)));
        else Garble(request, back);
    }

    /// <summary>Lets something happen after the time a message takes.</summary>
    public void Carry(Action arrive)
    {
        OnTheWay++;
        world.Agenda.After(world.Faults.MessageDelay(), null, () =>
        {
            OnTheWay--;
            arrive();
        });
    }

    private void Arrive(SimulatedRequest request, Action<SimulatedResponse?> answer)
    {
        if (request.To == RandomDefinitions.Plain)
        {
            answer(new SimulatedResponse(200, [new("content-type", "application/json")], PlainOutput));
            return;
        }

        if (world.ParticipantOf(request.To).TryServe(request, answer)) return;
        world.Journal.Note($"   nobody serves: {Words(request)}");
        answer(null);
    }

    private void Return(SimulatedRequest request, SimulatedResponse? response, Action<SimulatedResponse?> back)
    {
        if (world.Faults.IsCut(request.To, toParticipant: false) || world.Faults.Loses())
        {
            world.Journal.Note($"   answer lost: {response?.Status} to {Words(request)}");
            if (world.Faults.BreaksLoudly()) Carry(() => back(null));
            return;
        }

        Carry(() =>
        {
            world.Journal.Note($"<- {response?.Status} to {Words(request)}", response?.Body ?? []);
            back(response);
        });
    }

    /// <summary>Something in between answers, whether or not the participant has heard of it.</summary>
    private void Garble(SimulatedRequest request, Action<SimulatedResponse?> back)
    {
        // Endings are told once; who answers 404 or 202 to them is believed, so nobody in between may say it.
        if (request.Path == "/saga/ended")
        {
            Return(request, SimulatedResponse.Plain(503), back);
            return;
        }

        switch (world.Dice.Below(3))
        {
            case 0:
                // What the participant said with success is made unreadable; a success it never said is not invented.
                Carry(() => Arrive(request, response => Return(
                    request, response is { Status: 200 } ? response with { Body = "<html>"u8.ToArray() } : response,
                    back)));
                break;
            case 1:
                var asked = string.Create(CultureInfo.InvariantCulture, $"/later/{later.Count}");
                later[asked] = null;
                Carry(() => Arrive(request, response => later[asked] = response));
                Return(request, Accepted(asked), back);
                break;
            default:
                if (world.Dice.Chance(0.5)) Carry(() => Arrive(request, _ => { }));
                Return(request, SimulatedResponse.Plain(world.Dice.Pick(Between)), back);
                break;
        }
    }

    private SimulatedResponse Ask(string path) =>
        world.Faults.Loses() ? SimulatedResponse.Plain(404)
        : later.GetValueOrDefault(path) ?? (world.Faults.AreOver ? SimulatedResponse.Plain(404) : Accepted(path));

    private static SimulatedResponse Accepted(string path) => new(202, [new("Location", path)], []);

    private static string Words(SimulatedRequest request) =>
        // The id of a batch of endings is the one thing no seed decides.
        $"{request.To}{request.Path} {request[SagaHeaders.SagaId]} {request[SagaHeaders.SagaStep]} "
        + $"#{request[SagaHeaders.SagaAttempt]}";
}
