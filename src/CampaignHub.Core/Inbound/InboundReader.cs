namespace CampaignHub.Core.Inbound;

/// <summary>
/// Reads a mail that came back or in: bounces, complaints, automatic and real replies. MimeKit reads the mail, the rules
/// are ours; kinds are tried in order, and the first that recognises the mail decides.
/// </summary>
/// <remarks>Never throws, whatever is given, and takes time and memory by <see cref="MaxBytes"/> and not by the mail's length.</remarks>
public static class InboundReader
{
    /// <summary>No more of a mail is looked at.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Names of the rows that say what a report on one recipient means, in their order.</summary>
    public static IReadOnlyList<string> ReportRules => BounceRules.Names;

    private static readonly Kind[] s_kinds =
    [
        // What is written for machines decides over what is written for people.
        ComplaintReports.Read,
        ProviderNotices.Read,
        BounceReports.Read,
        Answers.Read,
    ];

    private delegate IReadOnlyList<InboundFinding>? Kind(MailParts mail);

    /// <summary>What the mail says, and of what.</summary>
    public static InboundMail Read(ReadOnlySpan<byte> mail)
    {
        var parts = MailParts.Of(mail[..Math.Min(mail.Length, MaxBytes)]);
        var findings = s_kinds.Select(kind => kind(parts)).FirstOrDefault(found => found is { Count: > 0 });
        return new InboundMail(findings ?? [new InboundFinding(InboundClass.Other, "unrelated")])
        {
            MessageId = MailAddresses.MessageIds(parts.Header("Message-ID")).FirstOrDefault(),
            ReturnPaths = MailAddresses.ReturnPaths(parts),
            About = MailAddresses.About(parts),
        };
    }
}
