namespace CampaignHub.Server.Relays.Smtp;

/// <summary>So many may be inside at once, and how many may change meanwhile. Nobody is thrown out: who leaves makes up for it.</summary>
#pragma warning disable CA1001 // Whose wait handle nobody asks for, a SemaphoreSlim holds nothing; and a rental may come back after its pool's end.
internal sealed class ConnectionRoom(int limit)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim places = new(limit);
    private readonly Lock gate = new();
    private int limit = limit;
    private int owed;

    public Task EnterAsync(CancellationToken cancellationToken) => places.WaitAsync(cancellationToken);

    public void Leave()
    {
        lock (gate)
        {
            if (owed > 0)
                owed--;
            else
                places.Release();
        }
    }

    /// <param name="size">0 and up.</param>
    public void Resize(int size)
    {
        lock (gate)
        {
            owed += limit - size;
            limit = size;
            while (owed > 0 && places.Wait(0))
                owed--;
            if (owed < 0)
                places.Release(-owed);
            owed = Math.Max(owed, 0);
        }
    }
}
