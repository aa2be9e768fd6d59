using CampaignHub.Core.Domains;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>What a domain needs, in the order in which they are shown.</summary>
internal static class DomainRecords
{
    private const string SpfWhy = "SPF says which servers may send for the domain. What to include is your relay's business: see its documentation.";
    private const string DmarcWhy = "DMARC tells receivers what to do with mail that only claims to be from you. Large providers want a policy of bulk senders; begin with p=none.";

    private const string ReturnWhy = "Mail that can't be delivered comes back to this domain. Where it is taken is up to you: here, or in a mailbox of your provider's.";
    private const string ReturnSpfWhy = "Receivers look for SPF at the domain of the envelope sender, which is this one. What to include is your relay's business: see its documentation.";
    private const string TrackingWhy = "Links, pixels and unsubscribe addresses of your mail begin with this name, and lead here.";
    private const string AnswerWhy = "Who follows a link must find this service behind the name, with a certificate for it. The certificate is the operator's business.";

    /// <param name="domain">The domain with its keys.</param>
    /// <param name="targets">Where records have to lead.</param>
    public static IReadOnlyList<DomainRecord> Of(Domain domain, DomainTargets targets) => domain.Kind switch
    {
        "bounce" =>
        [
            new(domain.Name, $"10 {targets.BounceHost}.", ReturnWhy, true, MxRecord.Judge) { Type = "MX" },
            new(domain.Name, null, ReturnSpfWhy, false, SpfRecord.Judge) { Concerns = SpfRecord.Is },
        ],
        "tracking" =>
        [
            new(domain.Name, $"{targets.TrackingHost}.", TrackingWhy, true, found => AliasRecord.Judge(found, targets.TrackingHost)) { Type = "CNAME" },
            new(domain.Name, TrackingHostProbe.UrlOf(domain.Name), AnswerWhy, true, TrackingHostProbe.Judge) { Type = "TLS" },
        ],
        _ => OfSender(domain, targets.KeepOldKeys),
    };

    private static IReadOnlyList<DomainRecord> OfSender(Domain domain, Duration keepOldKeys) =>
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
