namespace Orchestrator.Storage;

/// <summary>Whose rows this engine acts on. Written when the store is opened, read by any thread.</summary>
internal sealed class StoreOwner
{
    private long token;

    /// <summary>The token of this engine's ownership; 0 where one engine has the whole store.</summary>
    public long Token
    {
        get => Interlocked.Read(ref token);
        set => Interlocked.Exchange(ref token, value);
    }
}
