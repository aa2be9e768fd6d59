namespace CampaignHub.Core.Domains;

/// <summary>A domain's DMARC policy (RFC 7489 6.3).</summary>
public static class DmarcRecord
{
    /// <summary>What to publish where there is none: it asks nothing of receivers but satisfies those that want a policy.</summary>
    public const string Proposed = "v=DMARC1; p=none";

    /// <summary>Where the policy of a domain is published.</summary>
    public static string HostOf(string domain) => $"_dmarc.{domain}";

    /// <summary>Whether these TXT records, of the policy's own host, hold exactly one policy.</summary>
    public static RecordVerdict Judge(IReadOnlyList<string> found)
    {
        var policies = found.Select(TagList.Parse).Where(tags => tags is [{ Key: "v", Value: "DMARC1" }, ..]).ToList();
        if (policies is not [var policy])
            return RecordVerdict.Wrong(policies.Count == 0
                ? "The domain has no DMARC policy: large mailbox providers want one of everybody who sends in bulk."
                : $"The domain has {policies.Count} DMARC policies, so receivers apply none of them: leave one.");
        return policy!.Value("p")?.ToLowerInvariant() is "none" or "quarantine" or "reject"
            ? RecordVerdict.Right
            : RecordVerdict.Wrong("The DMARC policy (p=) has to be none, quarantine or reject.");
    }
}
