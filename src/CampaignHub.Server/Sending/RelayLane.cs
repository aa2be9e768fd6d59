using CampaignHub.Server.Relays;

namespace CampaignHub.Server.Sending;

/// <summary>
/// What waits for one relay in this process, and as many workers on it as this node may have connections. Campaigns take
/// turns; a mail domain that is slow takes a tenth of the workers at most, so that it doesn't hold up the others.
/// </summary>
internal sealed class RelayLane(Func<QueuedDelivery, Relay, Task> work, Func<Relay, int> connections)
{
    /// <summary>While so many that take long wait, no more are claimed in search of others.</summary>
    private const int MostLong = 2_000;

    private readonly Lock _gate = new();
    private readonly LinkedList<(Guid CampaignId, LinkedList<QueuedDelivery> Waiting)> _turns = new();
    private readonly DomainPaces _domains = new();
    private Relay? _relay;
    private int _workers;

    /// <param name="queued">What is to be sent.</param>
    /// <param name="relay">The relay as it is set now.</param>
    public void Add(QueuedDelivery queued, Relay relay)
    {
        lock (_gate)
        {
            _relay = _relay is null || relay.UpdatedAt >= _relay.UpdatedAt ? relay : _relay;
            QueueOf(queued.Batch.Campaign.CampaignId).AddLast(queued);
            _domains.Queued(queued.Delivery.MailDomain);
            StartWorkers();
        }
    }

    /// <summary>The node's part of the relay may have changed; and what isn't to be sent any more need not wait for it.</summary>
    public void LookAgain()
    {
        lock (_gate)
        {
            foreach (var turn in _turns)
                Drop(turn.Waiting);
            if (_workers > 0 || _turns.Count > 0)
                StartWorkers();
        }
    }

    /// <summary>Takes all that waits out of it: the relay can't be used any more.</summary>
    public IReadOnlyList<QueuedDelivery> Clear()
    {
        lock (_gate)
        {
            List<QueuedDelivery> waiting = [.. _turns.SelectMany(turn => turn.Waiting)];
            _turns.Clear();
            waiting.ForEach(queued => _domains.Dropped(queued.Delivery.MailDomain));
            return waiting;
        }
    }

    private void Drop(LinkedList<QueuedDelivery> waiting)
    {
        for (var node = waiting.First; node is not null;)
        {
            var next = node.Next;
            if (!node.Value.Batch.GoesOn)
            {
                waiting.Remove(node);
                _domains.Dropped(node.Value.Delivery.MailDomain);
                node.Value.Done(DoneWith.NotBegun);
            }
            node = next;
        }
    }

    /// <summary>Slow mail domains of which at least so many wait here.</summary>
    public IReadOnlyCollection<string> SlowDomains(int waiting)
    {
        lock (_gate)
            return _domains.Slow(waiting);
    }

    private LinkedList<QueuedDelivery> QueueOf(Guid campaignId)
    {
        foreach (var turn in _turns)
        {
            if (turn.CampaignId == campaignId)
                return turn.Waiting;
        }
        return _turns.AddLast((campaignId, new LinkedList<QueuedDelivery>())).Value.Waiting;
    }

    private void StartWorkers()
    {
        while (_workers < connections(_relay!) && Take() is { } next)
        {
            _workers++;
            _ = Task.Run(() => WorkAsync(next));
        }
        if (_workers < connections(_relay!) && _domains.OnlyLongWait(MostLong))
            Starve();
    }

    // What waits here may be most of its batches: others must be claimed beside it, which the free connections can take.
    private void Starve()
    {
        foreach (var queued in _turns.SelectMany(turn => turn.Waiting))
            queued.Batch.Starves();
    }

    private async Task WorkAsync(QueuedDelivery first)
    {
        for (var next = first; next is not null;)
        {
            var domain = next.Delivery.MailDomain;
            var began = Environment.TickCount64;
            await work(next, _relay!);
            lock (_gate)
            {
                _domains.Ended(domain, Environment.TickCount64 - began);
                next = _workers <= connections(_relay!) ? Take() : null;
                _workers -= next is null ? 1 : 0;
                StartWorkers(); // what ended may have made room for others of its domain
            }
        }
    }

    /// <summary>The next campaign's next delivery whose domain has room; null where none may begin now.</summary>
    private QueuedDelivery? Take()
    {
        for (var left = _turns.Count; left > 0; left--)
        {
            var turn = _turns.First!;
            _turns.RemoveFirst();
            var taken = TakeOf(turn.Value.Waiting);
            if (turn.Value.Waiting.Count > 0)
                _turns.AddLast(turn);
            if (taken is not null)
                return taken;
        }
        return null;
    }

    private QueuedDelivery? TakeOf(LinkedList<QueuedDelivery> waiting)
    {
        var most = connections(_relay!);
        for (var node = waiting.First; node is not null; node = node.Next)
        {
            if (!_domains.HasRoom(node.Value.Delivery.MailDomain, most))
                continue;
            waiting.Remove(node);
            _domains.Began(node.Value.Delivery.MailDomain);
            return node.Value;
        }
        return null;
    }
}
