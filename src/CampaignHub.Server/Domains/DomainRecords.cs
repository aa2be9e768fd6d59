using CampaignHub.Core.Domains;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>Which DNS records a domain needs, in the order in which they are shown.</summary>
internal static class DomainRecords
{
    private const string SpfWhy = "SPF says which servers may send for the domain. What to include is your relay's business: see its documentation.";
    private const string DmarcWhy = "DMARC tells receivers what to do with mail that only claims to be from you. Large providers want a policy of bulk senders; begin with p=none.";

    /// <param name="domain">The domain with its keys.</param>
    /// <param name="keepOldKeys">How long a retired key's record stays.</param>
    public static IReadOnlyList<DomainRecord> Of(Domain domain, Duration keepOldKeys) =>
    [
        .. domain.Pairs.SelectMany(pair => KeysOf(domain, pair, keepOldKeys)),
        new(domain.Name, null, SpfWhy, false, SpfRecord.Judge) { Concerns = SpfRecord.Is },
        new(DmarcRecord.HostOf(domain.Name), DmarcRecord.Proposed, DmarcWhy, false, DmarcRecord.Judge),
    ];

    /// <summary>The records of a pair, RSA's first.</summary>
    public static IReadOnlyList<string> HostsOf(Domain domain, DkimPair pair) =>
        [DkimRecord.HostOf(pair.RsaSelector, domain.Name), DkimRecord.HostOf(pair.Ed25519Selector, domain.Name)];

    private static IEnumerable<DomainRecord> KeysOf(Domain domain, DkimPair pair, Duration keepOldKeys) =>
        HostsOf(domain, pair).Zip([pair.RsaRecord, pair.Ed25519Record], (host, record) =>
            new DomainRecord(host, ZoneText.Of(record.Text), WhyOf(domain, pair), pair == (domain.Signing ?? domain.Waiting), record.Judge)
            {
                KeepUntil = pair.RetiredAt + keepOldKeys,
            });

    private static string WhyOf(Domain domain, DkimPair pair) => pair switch
    {
        { RetiredAt: not null } => "An old DKIM key: mail signed with it may still be on its way. Remove the record once it is no longer listed here.",
        { ActivatedAt: null } when domain.Signing is not null => "The next DKIM key: mail is signed with it as soon as both of its records are seen here.",
        _ => "The DKIM key by which receivers verify that mail is yours and unchanged.",
    };
}
