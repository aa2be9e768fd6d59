namespace CampaignHub.Core.Inbound;

/// <summary>Complaints: the Abuse Reporting Format (RFC 5965), and Hotmail's, which encloses the message and names the person in a header of it.</summary>
internal static class ComplaintReports
{
    private const string HotmailRecipient = "X-HmXmrOriginalRecipient";

    public static IReadOnlyList<InboundFinding>? Read(MailParts mail) =>
        mail.Feedback.Length > 0 ? Report(StatusFields.Read(mail.Feedback), StatusFields.Read(mail.Returned)) : Hotmail(mail);

    private static IReadOnlyList<InboundFinding> Report(IReadOnlyList<StatusFields> feedback, IReadOnlyList<StatusFields> returned)
    {
        // Reports of authentication (RFC 6591) and of what is no spam accuse nobody.
        var type = feedback.Select(group => group["Feedback-Type"]).FirstOrDefault(value => value is not null);
        if (type?.ToLowerInvariant() is "auth-failure" or "not-spam" or "dmarc")
            return [new InboundFinding(InboundClass.Other, "feedback_of_another_kind") { Diagnostic = BounceEvidence.Bounded(type) }];
        var named = feedback.SelectMany(group => group.All("Original-Rcpt-To")).ToList();
        if (named.Count == 0)
            named = [.. returned.Select(group => group["To"]).OfType<string>().Take(1)];
        string?[] people = [.. named.Select(MailAddresses.First).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        return
        [
            .. (people.Length == 0 ? [null] : people).Select(person =>
                new InboundFinding(InboundClass.Complaint, "feedback_report") { Recipient = person, Diagnostic = BounceEvidence.Bounded(type) }),
        ];
    }

    private static IReadOnlyList<InboundFinding>? Hotmail(MailParts mail)
    {
        if (!mail.EnclosesMessage || mail.Header("Subject")?.Contains("complaint about message", StringComparison.OrdinalIgnoreCase) != true)
            return null;
        var person = StatusFields.Read(mail.Returned).Select(group => group[HotmailRecipient]).FirstOrDefault(value => value is not null);
        return person is null ? null : [new InboundFinding(InboundClass.Complaint, "hotmail_complaint") { Recipient = MailAddresses.First(person) }];
    }
}
