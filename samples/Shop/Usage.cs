namespace Shop;

/// <summary>The help page.</summary>
internal static class Usage
{
    internal static int Print()
    {
        Console.WriteLine("""
            The shop: an order across four services, each with its own database, carried by the orchestrator.

              dotnet run --project samples/Shop                 starts the orchestrator and the four services
                  --data DIR                                    where the databases go (default: samples/Shop/data)
                  --ports 5080,5101,5102,5103,5104              other ports, all at once; 0 is any free one
                  --orchestrator-port N, --order-port N, ...    other ports, one by one
              dotnet run --project samples/Shop -- story        plays and checks five scenes, then cleans up
                  --engine dapr                                 on Dapr Workflow; the sidecar runs already (dapr run)
                  --dapr-grpc-port N  --dapr-http-port N        where it is, when the environment does not say so
                  --ports 5080,5101,5102,5103,5104              where the five are (default: free ports)
                  --sidecars 3601,3602,3603,3604                HTTP ports of the services' own sidecars, which call
                                                                --ports: services by app id, scene five by the broker
              dotnet run --project samples/Shop -- serve NAME   one service alone: order, inventory, payment or delivery
                  --urls http://127.0.0.1:5102  --data DIR
                  --orchestrator URL  --inventory URL  ...      for order: where its overview asks
              dotnet run --project samples/Shop -- orchestrator the orchestrator alone; all else is passed on to it
                  --urls http://127.0.0.1:5080  --data DIR
            """);
        return 0;
    }
}
