using System.Data.Common;

namespace Orchestrator.Tests.Participant.Databases;

/// <summary>A transaction that holds others up until it is disposed, which rolls it back.</summary>
internal sealed class Held(DbConnection connection, DbTransaction transaction) : IDisposable
{
    public void Dispose()
    {
        transaction.Dispose();
        connection.Dispose();
    }
}
