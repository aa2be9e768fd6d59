using CampaignHub.Server.Demo.Readers;

namespace CampaignHub.Server.Demo.Checking;

/// <summary>Only those got mail who wanted it, and only as long as they did.</summary>
internal static class ConsentChecks
{
    public static IEnumerable<Check> Of(Outcome outcome)
    {
        var consented = Shipped.WhoConsented().Concat(outcome.CameIn.Buyers.Select(buyer => buyer.Email)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unsubscribed = outcome.Diary.Who(Deed.Unsubscribed);
        yield return Check.None("Nobody got mail without consent", outcome.Sent.Mails.Concat(outcome.Again.Sent.Mails).Select(mail => mail.Recipients[0]).Where(address => !consented.Contains(address)));
        yield return Check.Equal("Those unsubscribed are those who did it by one click", unsubscribed.Count, outcome.Report.Unsubscribes);
        yield return Check.Equal("The second campaign is planned without them, the bounced and the one who complained", outcome.Recipients - unsubscribed.Count - 2, outcome.Again.Plan.Recipients);
        yield return Check.Equal("It reached all others", outcome.Again.Plan.Recipients, outcome.Again.Sent.Mails.Count);
        yield return Check.None("Nobody unsubscribed got it", outcome.Again.Sent.Mails.Select(mail => mail.Recipients[0]).Where(unsubscribed.Contains));
    }
}
