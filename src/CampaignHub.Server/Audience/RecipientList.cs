using NodaTime;

namespace CampaignHub.Server.Audience;

/// <summary>A named set of recipients.</summary>
public sealed record RecipientList
{
    /// <summary>The list's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>A name for people: 1 to 200 characters.</summary>
    public string Name { get; init; } = "";

    /// <summary>Whether the tenant's people may put themselves on it, from the page of their preferences. From any list they may take themselves off.</summary>
    public bool Public { get; init; }

    /// <summary>How many recipients are on it, whatever their consent.</summary>
    public long Recipients { get; init; }

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }
}
