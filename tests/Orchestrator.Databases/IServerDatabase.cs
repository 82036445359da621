namespace Orchestrator.Databases;

/// <summary>A database of a test's own on a server. Disposing drops it, also while somebody is connected.</summary>
public interface IServerDatabase : IAsyncDisposable
{
    /// <summary>How to connect to it; other processes of this machine may use it too.</summary>
    string ConnectionString { get; }
}
