namespace Orchestrator.Storage.Writing;

/// <summary>How a value is written.</summary>
internal enum ColumnType
{
    /// <summary>
    /// A number of the store: one above <c>StoreCommit.Base</c> is new and moves with the commit's shift.
    /// </summary>
    Number,

    /// <summary>64 bits.</summary>
    Long,

    /// <summary>32 bits, or true and false as 1 and 0.</summary>
    Int,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Bytes,
}

/// <summary>A column of the rows a statement writes.</summary>
/// <param name="Name">Its name, quoted where a database has it for a word of its own.</param>
/// <param name="Type">How its values are written.</param>
/// <param name="Length">Most characters of a text that is compared; 0 for a text that is only kept.</param>
internal readonly record struct Column(string Name, ColumnType Type, int Length = 0)
{
    /// <summary>A number of the store.</summary>
    public static Column Number(string name) => new(name, ColumnType.Number);

    /// <summary>64 bits.</summary>
    public static Column Long(string name) => new(name, ColumnType.Long);

    /// <summary>32 bits.</summary>
    public static Column Int(string name) => new(name, ColumnType.Int);

    /// <summary>A text that is only kept.</summary>
    public static Column Text(string name) => new(name, ColumnType.Text);

    /// <summary>A text that is compared.</summary>
    public static Column Key(string name) => new(name, ColumnType.Text, StorageLimits.MaxKeyLength);

    /// <summary>Bytes.</summary>
    public static Column Bytes(string name) => new(name, ColumnType.Bytes);
}
