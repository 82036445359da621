namespace Shop.Serving;

/// <summary>One of the four services: its tables, its steps and its reads.</summary>
internal interface IShopService
{
    /// <summary>Its name, also the participant's name in the definition.</summary>
    string Name { get; }

    /// <summary>Statements that create its tables and seeds where they are missing.</summary>
    string Schema { get; }

    /// <summary>Maps its steps and its reads.</summary>
    void Map(WebApplication app, ShopDatabase database);
}
