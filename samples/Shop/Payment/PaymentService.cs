using Dapper;
using Orchestrator.Participant;
using Shop.Serving;

namespace Shop.Payment;

/// <summary>Takes money: a charge is <c>held</c>, then <c>settled</c> or <c>returned</c>.</summary>
internal sealed class PaymentService(Effects effects, BankHours hours) : IShopService
{
    public string Name => "payment";

    public string Schema => """
        CREATE TABLE IF NOT EXISTS accounts (
            customer TEXT NOT NULL PRIMARY KEY,
            balance INTEGER NOT NULL CHECK (balance >= 0));
        INSERT INTO accounts (customer, balance) VALUES ('alice', 1000000), ('bob', 0) ON CONFLICT DO NOTHING;
        CREATE TABLE IF NOT EXISTS charges (
            id TEXT NOT NULL PRIMARY KEY,
            order_id TEXT NOT NULL,
            customer TEXT NOT NULL,
            amount INTEGER NOT NULL,
            state TEXT NOT NULL);
        """;

    public void Map(WebApplication app, ShopDatabase database)
    {
        hours.Map(app);
        app.MapSagaStep<ChargeData, ChargeOutput>(
            "charge", step => step.Do(ChargeAsync).OnConfirm(SettleAsync).Undo(ReturnAsync));
        app.MapGet("/accounts/{customer}", async (string customer, CancellationToken cancel) => Answers.FoundOr404(
            await database.FindAsync<AccountRead>(
                "SELECT customer AS Customer, balance AS Balance FROM accounts WHERE customer = @customer",
                new { customer }, cancel),
            "account of", customer));
    }

    private async Task<SagaAnswer<ChargeOutput>> ChargeAsync(SagaCall<ChargeData> call, CancellationToken cancel)
    {
        var (orderId, customer, amount) = call.Data;
        if (amount < 0) return SagaAnswer.Refuse($"{amount} cannot be charged.");
        var taken = await call.WriteAsync(
            "UPDATE accounts SET balance = balance - @amount WHERE customer = @customer AND balance >= @amount",
            new { customer, amount });
        if (taken == 0) return SagaAnswer.Refuse(await WhyNotAsync(call));
        var id = $"P-{Guid.NewGuid():N}";
        await call.WriteOneAsync(
            """
            INSERT INTO charges (id, order_id, customer, amount, state)
            VALUES (@id, @orderId, @customer, @amount, 'held')
            """,
            new { id, orderId, customer, amount });
        await effects.DidAsync(call, customer, -amount);
        return new ChargeOutput(id);
    }

    private static async Task<string> WhyNotAsync(SagaCall<ChargeData> call)
    {
        var (_, customer, amount) = call.Data;
        var balance = await call.Connection.ExecuteScalarAsync<long?>(
            "SELECT balance FROM accounts WHERE customer = @customer", new { customer }, call.Transaction);
        return balance is null
            ? $"{customer} has no account here."
            : $"Insufficient funds: {customer} has {balance} and needs {amount}.";
    }

    private async Task SettleAsync(SagaCall<ChargeData, ChargeOutput> call, CancellationToken cancel)
    {
        await call.WriteOneAsync(
            "UPDATE charges SET state = 'settled' WHERE id = @Payment AND state = 'held'", new { call.Output.Payment });
        await effects.ConfirmedAsync(call, call.Data.Customer);
    }

    private async Task ReturnAsync(SagaCall<ChargeData, ChargeOutput> call, CancellationToken cancel)
    {
        var (_, customer, amount) = call.Data;
        await call.WriteOneAsync(
            "UPDATE charges SET state = 'returned' WHERE id = @Payment AND state <> 'returned'",
            new { call.Output.Payment });
        await call.WriteOneAsync(
            "UPDATE accounts SET balance = balance + @amount WHERE customer = @customer", new { customer, amount });
        await effects.UndidAsync(call, customer, amount);
    }
}

/// <summary>What <c>charge</c> receives. <paramref name="Amount" /> is in the smallest unit of money.</summary>
internal sealed record ChargeData(string OrderId, string Customer, long Amount);

/// <summary>What <c>charge</c> answers: the payment's id.</summary>
internal sealed record ChargeOutput(string Payment);

/// <summary>An account as it is read.</summary>
internal sealed record AccountRead(string Customer, long Balance);
