namespace CampaignHub.Core.Domains;

/// <summary>Where mail to a domain goes (RFC 5321 section 5), as "preference host".</summary>
public static class MxRecord
{
    /// <summary>Whether somebody takes mail for the domain: who, is its owner's business.</summary>
    public static RecordVerdict Judge(IReadOnlyList<string> found) => found switch
    {
        [] => RecordVerdict.Wrong("The domain has no MX record: bounces to it would be lost."),
        // RFC 7505: a single "0 ." says that the domain takes no mail.
        [var only] when only.Split(' ')[^1] is "" or "." => RecordVerdict.Wrong("The domain says that it takes no mail (a null MX): bounces to it would be lost."),
        _ => RecordVerdict.Right,
    };
}
