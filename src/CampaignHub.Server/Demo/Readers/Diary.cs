namespace CampaignHub.Server.Demo.Readers;

/// <summary>What readers and gateways really did: the truth that the report is held against. By address; safe from many threads.</summary>
internal sealed class Diary
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Deed, HashSet<string>> _who = [];
    private readonly HashSet<Uri> _destinations = [];
    private int _opens;
    private int _clicks;

    /// <summary>Requests for pixels.</summary>
    public int OpenRequests => Volatile.Read(ref _opens);

    /// <summary>Requests for links.</summary>
    public int ClickRequests => Volatile.Read(ref _clicks);

    /// <summary>Where links led.</summary>
    public IReadOnlyCollection<Uri> Destinations
    {
        get
        {
            lock (_gate)
                return [.. _destinations];
        }
    }

    public void NoteOpen(string address, Deed deed)
    {
        Interlocked.Increment(ref _opens);
        Note(address, deed);
    }

    public void NoteClick(string address, Deed deed, Uri destination)
    {
        Interlocked.Increment(ref _clicks);
        Note(address, deed);
        lock (_gate)
            _destinations.Add(destination);
    }

    public void NoteUnsubscribe(string address) => Note(address, Deed.Unsubscribed);

    /// <summary>Who did any of these.</summary>
    public IReadOnlySet<string> Who(params Deed[] deeds)
    {
        lock (_gate)
            return deeds.SelectMany(deed => _who.GetValueOrDefault(deed) ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private void Note(string address, Deed deed)
    {
        lock (_gate)
        {
            if (!_who.TryGetValue(deed, out var who))
                _who[deed] = who = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            who.Add(address);
        }
    }
}

/// <summary>What can happen to a mail.</summary>
internal enum Deed
{
    Opened,
    PrefetchedByApple,
    ImageScanned,
    Clicked,
    LinksScanned,
    Unsubscribed,
}
