using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;

namespace CampaignHub.Server.Demo.Checking;

/// <summary>Everybody planned got the mail, once, at ten o'clock.</summary>
internal static class DeliveryChecks
{
    private static readonly LocalDateTime s_ten = new(2026, 10, 25, 10, 0);
    private static readonly Period s_tolerance = Period.FromMinutes(1);

    public static IEnumerable<Check> Of(Outcome outcome)
    {
        var (plan, mails, deliveries) = (outcome.Plan, outcome.Sent.Mails, outcome.Sent.Deliveries);
        yield return Check.Equal("Everybody imported is planned or left out for a reason", outcome.Import.People, plan.Recipients + plan.Excluded.Values.Sum());
        yield return Check.Equal("The inbox holds a mail for each person planned or joined", outcome.Recipients, mails.Count);
        yield return Check.None("Nobody got it twice", mails.CountBy(mail => mail.Recipients[0], StringComparer.OrdinalIgnoreCase).Where(person => person.Value > 1).Select(person => person.Key));
        yield return Check.None("Nobody got it outside of 10:00 to 10:01 of their own Sunday", Untimely(mails, deliveries));
        yield return Check.None("Every delivery is accepted, and its Message-ID is in the inbox", Unaccepted(mails, deliveries));
        yield return Check.Equal("The ledger has a delivery for each of them", outcome.Recipients, outcome.Sent.Campaign.Deliveries.Values.Sum());
        yield return Check.Equal("The report counts as many accepted", outcome.Recipients, outcome.Report.Deliveries.GetValueOrDefault("accepted"));
    }

    private static IEnumerable<string> Untimely(IReadOnlyList<SinkMessage> mails, IReadOnlyList<Delivery> deliveries)
    {
        var zones = deliveries.ToDictionary(d => d.Email ?? "", d => DateTimeZoneProviders.Tzdb[d.Timing.TimeZone], StringComparer.OrdinalIgnoreCase);
        foreach (var mail in mails)
        {
            var address = mail.Recipients[0];
            if (!zones.TryGetValue(address, out var zone))
                yield return $"{address} without a delivery";
            else if (mail.ReceivedAt.InZone(zone) is var at && (at.LocalDateTime < s_ten || at.LocalDateTime > s_ten + s_tolerance))
                yield return $"{address} at {at:uuuu-MM-dd HH:mm:ss z}";
        }
    }

    private static IEnumerable<string> Unaccepted(IReadOnlyList<SinkMessage> mails, IReadOnlyList<Delivery> deliveries)
    {
        var received = mails.Select(mail => mail.MessageId).ToHashSet();
        return deliveries.Where(d => d.State != "accepted" || !received.Contains(d.MessageId?.Trim('<', '>'))).Select(d => $"{d.Email} is {d.State}");
    }
}
