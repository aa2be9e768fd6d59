using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Reports.Reclassifying;

/// <summary>How far a campaign's hits have been judged again, and what that changed.</summary>
public sealed record ReclassificationView
{
    /// <summary>The campaign.</summary>
    public Guid CampaignId { get; init; }

    /// <summary><c>queued</c>, <c>running</c> or <c>finished</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>The version of the rules that judge; null while queued. When a newer version comes meanwhile, it begins anew.</summary>
    public int? RuleSet { get; init; }

    /// <summary>How many hits have been judged again so far. Those of the last seconds aren't among them: they have just been judged.</summary>
    public long Hits { get; init; }

    /// <summary>How many of them are of another class now.</summary>
    public long Changed { get; init; }

    /// <summary>From which class to which they moved, and why, the most first.</summary>
    public IReadOnlyList<ReclassifiedHits> Changes { get; init; } = [];

    /// <summary>When it was asked for.</summary>
    public Instant RequestedAt { get; init; }

    /// <summary>When it began; null while queued.</summary>
    public Instant? StartedAt { get; init; }

    /// <summary>When it was through; null before.</summary>
    public Instant? FinishedAt { get; init; }

    internal static async Task<ReclassificationView?> FindAsync(TenantTransaction transaction, Guid campaignId)
    {
        if (await ReclassificationStore.FindAsync(transaction, campaignId) is not { } found)
            return null;
        var changes = await ReclassificationStore.ChangesAsync(transaction, campaignId);
        return new ReclassificationView
        {
            CampaignId = campaignId,
            Status = found.FinishedAt is not null ? "finished" : found.StartedAt is not null ? "running" : "queued",
            RuleSet = found.RuleSet,
            Hits = found.Hits,
            Changed = changes.Sum(c => c.Hits),
            Changes = changes,
            RequestedAt = found.RequestedAt,
            StartedAt = found.StartedAt,
            FinishedAt = found.FinishedAt,
        };
    }
}

/// <summary>Hits that have got another class.</summary>
/// <param name="From">The class that they had.</param>
/// <param name="To">The class that they have: <c>human</c>, <c>machine</c>, <c>privacy_proxy</c> or <c>suspected</c>.</param>
/// <param name="Reason">The rule that decides it.</param>
/// <param name="Hits">How many.</param>
public sealed record ReclassifiedHits(string From, string To, string Reason, long Hits);
