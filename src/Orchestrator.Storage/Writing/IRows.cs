namespace Orchestrator.Storage.Writing;

/// <summary>Takes the rows of one statement. Not safe for several threads.</summary>
internal interface IRows
{
    /// <summary>Value of the next row; null becomes NULL. Values stay from one row to the next.</summary>
    object? this[int index] { set; }

    /// <summary>Writes the row, at once or with all others of the commit.</summary>
    void Write();
}
