using System.Text.Json;
using CampaignHub.Core.Domains;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>A domain as its rows hold it. <see cref="DomainView"/> is what callers see.</summary>
internal sealed record Domain
{
    public Guid DomainId { get; init; }
    public string Name { get; init; } = "";
    public string Kind { get; init; } = "sending";
    public Instant? VerifiedAt { get; init; }
    public int FailedReads { get; init; }
    public string? Problem { get; init; }
    public string ReadingsJson { get; init; } = "{}";
    public Instant? CheckedAt { get; init; }
    public Instant CreatedAt { get; init; }

    /// <summary>Its keys, oldest first.</summary>
    public IReadOnlyList<DkimPair> Pairs { get; init; } = [];

    /// <summary>The pair that mail is signed with; null before the first was seen in DNS.</summary>
    public DkimPair? Signing => Pairs.SingleOrDefault(pair => pair is { ActivatedAt: not null, RetiredAt: null });

    /// <summary>The pair that waits to be seen in DNS.</summary>
    public DkimPair? Waiting => Pairs.SingleOrDefault(pair => pair.ActivatedAt is null);

    public DomainVerification Verification => new(VerifiedAt, FailedReads, Problem);

    /// <summary>What was last found, by host.</summary>
    public IReadOnlyDictionary<string, RecordReading> Readings =>
        JsonSerializer.Deserialize<Dictionary<string, RecordReading>>(ReadingsJson, ApiJson.Options)!;

    /// <summary>The domain with another pair of keys put in place of its earlier form.</summary>
    public Domain With(DkimPair changed) => this with { Pairs = [.. Pairs.Select(pair => pair.PairId == changed.PairId ? changed : pair)] };
}

/// <summary>What was last found of a record.</summary>
/// <param name="Found">The texts that were there, cut to a size that can be shown.</param>
/// <param name="Ok">Whether it was right; null: it has never been read.</param>
/// <param name="Problem">What the matter was, or why it could not be read since.</param>
/// <param name="ReadAt">When that was found.</param>
internal sealed record RecordReading(IReadOnlyList<string> Found, bool? Ok, string? Problem, Instant? ReadAt)
{
    public static RecordReading None { get; } = new([], null, null, null);
}
