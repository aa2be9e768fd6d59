using System.ComponentModel.DataAnnotations;
using CampaignHub.Core;
using CampaignHub.Core.Storefronts;
using NodaTime;

namespace CampaignHub.Server.Storefronts.Syncs;

/// <summary>The last sync of a storefront as its row holds it.</summary>
internal sealed record StorefrontSync
{
    public string Status { get; init; } = "";
    public string Stage { get; init; } = "";
    public string? NextPage { get; init; }
    public long Customers { get; init; }
    public long Orders { get; init; }
    public long Faults { get; init; }
    public string? Problem { get; init; }
    public int Attempts { get; init; }
    public Instant StartedAt { get; init; }
    public Instant? FinishedAt { get; init; }

    public ShopStage StageWord => WireWords.Parse<ShopStage>(Stage)!.Value;
}

/// <summary>How a storefront's sync stands.</summary>
public sealed record StorefrontSyncView
{
    /// <summary><c>running</c>, <c>finished</c> or <c>failed</c>.</summary>
    [AllowedValues("running", "finished", "failed")]
    public string Status { get; init; } = "";

    /// <summary>Customers that were read so far, 0 or more.</summary>
    public long Customers { get; init; }

    /// <summary>Orders that were read so far, after all customers.</summary>
    public long Orders { get; init; }

    /// <summary>Those of both of which nothing came, for an address that can't be mailed for instance.</summary>
    public long Faults { get; init; }

    /// <summary>Why the shop couldn't be read the last time; while it runs it is tried again. Null: it could.</summary>
    public string? Problem { get; init; }

    /// <summary>When it was begun.</summary>
    public Instant StartedAt { get; init; }

    /// <summary>When it ended; null: it hasn't yet.</summary>
    public Instant? FinishedAt { get; init; }

    internal static StorefrontSyncView Of(StorefrontSync sync) => new()
    {
        Status = sync.Status,
        Customers = sync.Customers,
        Orders = sync.Orders,
        Faults = sync.Faults,
        Problem = sync.Problem,
        StartedAt = sync.StartedAt,
        FinishedAt = sync.FinishedAt,
    };
}
