using CampaignHub.Server.Demo.Outside;
using NodaTime;

namespace CampaignHub.Server.Demo.Checking;

/// <summary>What came in by the shop and by mail had its effect, once; and what went out was heard.</summary>
internal static class DoorChecks
{
    private static readonly LocalDateTime s_ten = new(2026, 10, 25, 10, 0);

    public static IEnumerable<Check> Of(Outcome outcome)
    {
        var (cameIn, heard, report, mails) = (outcome.CameIn, outcome.Heard, outcome.Report, outcome.Sent.Mails);
        var silent = Buyer.All.Where(buyer => !buyer.Consents).Select(buyer => buyer.Email);
        var again = outcome.Again.Sent.Mails.Select(mail => mail.Recipients[0]).ToHashSet(StringComparer.OrdinalIgnoreCase);

        yield return Check.Equal("Each event of the shop was taken once, however often it was posted", cameIn.EventsTold, cameIn.Storefront.Messages.Processed);
        yield return Check.Equal("A forged one was refused", 401, (int)cameIn.ForgeryAnswered);
        yield return Check.None("Buyers who consented got the campaign that was under way, once, at their own ten o'clock", cameIn.Buyers.Where(buyer =>
            mails.Where(mail => mail.Recipients[0] == buyer.Email).ToList() is not [var mail]
            || mail.ReceivedAt.InZone(DateTimeZoneProviders.Tzdb[buyer.TimeZone]).LocalDateTime.With(TimeAdjusters.TruncateToMinute) != s_ten).Select(buyer => buyer.Email));
        yield return Check.None("Buyers who didn't got none", silent.Where(email => mails.Any(mail => mail.Recipients[0] == email) || again.Contains(email)));
        yield return Check.Equal("The report has the mail that bounced", 1, report.Bounces.Hard);
        yield return Check.Equal("… and the complaint", 1, report.Complaints);
        yield return Check.None("Neither of them got the second campaign", new[] { cameIn.Bounced, cameIn.Complained }.Where(again.Contains));
        yield return new Check("The report has the order of somebody who had clicked", $"1, {Order.Currency} {Order.Total}",
            $"{report.Orders}, {string.Join(", ", report.Revenue.Select(r => FormattableString.Invariant($"{r.Key} {r.Value:0.00}")))}");
        yield return Check.None("The endpoint heard of every event in the log", heard.Events.Where(id => !heard.Believed.ContainsKey(id)));
        yield return Check.None("… of each once", heard.Believed.Where(message => message.Value != 1).Select(message => message.Key));
        yield return Check.Equal("… and every signature held", 0, heard.Refused);
    }
}
