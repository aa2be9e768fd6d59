using System.Text.Json;
using CampaignHub.Core.Audience.Segments;
using NodaTime;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>A segment as its row holds it. <see cref="SegmentView"/> is what callers see.</summary>
internal sealed record Segment
{
    public Guid SegmentId { get; init; }
    public string Name { get; init; } = "";
    public string FilterJson { get; init; } = "";
    public Instant CreatedAt { get; init; }
    public Instant UpdatedAt { get; init; }

    /// <summary>The filter, which was checked when it was written.</summary>
    public SegmentFilter Filter
    {
        get
        {
            using var json = JsonDocument.Parse(FilterJson);
            return FilterReader.Read(json.RootElement, "filter", [])
                ?? throw new InvalidOperationException($"The filter of segment {SegmentId} can't be read back.");
        }
    }
}

/// <summary>A saved filter over recipients: whoever fits it at the moment that it is asked.</summary>
public sealed record SegmentView
{
    /// <summary>The segment's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary>The filter: see <see cref="SegmentDraft.Filter"/>.</summary>
    public JsonElement Filter { get; init; }

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    /// <summary>When it was last changed.</summary>
    public Instant UpdatedAt { get; init; }

    internal static SegmentView Of(Segment segment) => new()
    {
        Id = segment.SegmentId,
        Name = segment.Name,
        Filter = JsonElement.Parse(segment.FilterJson),
        CreatedAt = segment.CreatedAt,
        UpdatedAt = segment.UpdatedAt,
    };
}
