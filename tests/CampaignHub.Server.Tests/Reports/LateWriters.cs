using CampaignHub.Server.Events;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tests.Reports;

/// <summary>Writers that append to the log at once and commit out of order: each keeps every other transaction open past the next.</summary>
internal sealed class LateWriters(TestService service, Seed seed)
{
    private const int Rounds = 12;
    private static readonly string[] HitClasses = ["human", "machine", "privacy_proxy", "suspected"];

    public int Appended => appended;

    private int appended;

    public Task WriteAsync(int writers) => Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(new Random(writer)))));

    private async Task WriteAsync(Random random)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await using var late = await AppendAsync(random);
            await using (var early = await AppendAsync(random))
                await early.CommitAsync();
            await Task.Delay(random.Next(60)); // Long enough for the sequencer to number what came after.
            await late.CommitAsync();
        }
    }

    private async Task<TenantTransaction> AppendAsync(Random random)
    {
        var transaction = await service.Get<Database>().BeginAsync(seed.Tenant.Id, CancellationToken.None);
        Event[] events = [.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => Any(random))];
        await EventLog.AppendAsync(transaction, events, service.Get<IClock>().GetCurrentInstant());
        Interlocked.Add(ref appended, events.Length);
        return transaction;
    }

    private Event Any(Random random)
    {
        var type = EventTypes.OfDeliveries[random.Next(EventTypes.OfDeliveries.Count)];
        var delivery = random.Next(seed.Deliveries.Length);
        return new Event(type, service.Get<IClock>().GetCurrentInstant() - Duration.FromSeconds(random.Next(100)))
        {
            CampaignId = seed.CampaignId,
            DeliveryId = seed.Deliveries[delivery],
            RecipientId = seed.Recipients[delivery],
            LinkIndex = type == EventTypes.Clicked ? random.Next(4) : null,
            Class = type switch
            {
                EventTypes.Opened or EventTypes.Clicked => HitClasses[random.Next(HitClasses.Length)],
                EventTypes.Bounced => random.Next(2) == 0 ? "hard" : "soft",
                _ => null,
            },
        };
    }
}
