using CampaignHub.Core;
using CampaignHub.Core.Tracking;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>A stored hit, and what it was judged.</summary>
internal sealed record StoredHit
{
    public Guid HitId { get; init; }
    public Instant ReceivedAt { get; init; }
    public string KindWord { get; init; } = "";
    public Guid CampaignId { get; init; }
    public Guid DeliveryId { get; init; }
    public Guid? RecipientId { get; init; }
    public int? LinkIndex { get; init; }
    public string? Url { get; init; }
    public string Method { get; init; } = "";
    public string? UserAgent { get; init; }
    public string? Purpose { get; init; }
    public string? SecPurpose { get; init; }
    public bool HasXMoz { get; init; }
    public bool FromDataCentre { get; init; }
    public string? IpCountry { get; init; }

    /// <summary>Until it is judged: see <see cref="HitNetworkStore"/>.</summary>
    public byte[]? Network { get; init; }

    /// <summary>It is known to belong to a burst of its network: also when that isn't kept any more.</summary>
    public bool InNetworkBurst { get; init; }

    public bool IsToBeJudgedAgain { get; init; }

    /// <summary>The person, or their browser, wants not to be tracked: it is counted without them.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Null until judged, like the reason and the rule set.</summary>
    public string? Class { get; init; }
    public string? Reason { get; init; }
    public int? RuleSet { get; init; }

    /// <summary>False of a HEAD, which fetches no picture and follows no link, and of the honeypot: such a hit is kept with its class, but nothing was opened or clicked.</summary>
    public bool MakesEvent => !HttpMethods.IsHead(Method) && LinkIndex != Honeypot.LinkIndex;

    public HitKind Kind => WireWords.Parse<HitKind>(KindWord)!.Value;
}

/// <summary>When a stored click came, and on which link.</summary>
internal sealed record StoredClick
{
    public Guid DeliveryId { get; init; }
    public Guid HitId { get; init; }
    public Instant ReceivedAt { get; init; }
    public int LinkIndex { get; init; }
}

/// <summary>A hit with its verdict.</summary>
internal sealed record JudgedHit(StoredHit Hit, HitVerdict Verdict)
{
    /// <summary>Whether this is another verdict than the one that is kept.</summary>
    public bool IsNews => (Verdict.Class.Word(), Verdict.Reason, Verdict.RuleSet) != (Hit.Class, Hit.Reason, Hit.RuleSet);

    /// <summary>Whether it is of another class than before.</summary>
    public bool IsMoved => Verdict.Class.Word() != Hit.Class;
}
