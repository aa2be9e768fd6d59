using System.ComponentModel.DataAnnotations;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>A domain of the tenant's, with what it needs. Private keys are never shown.</summary>
public sealed record DomainView
{
    /// <summary>The domain's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>The domain in lower case, with A-labels (<c>xn--…</c>) where it has other scripts.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>sending</c>: senders' addresses are on it, and its keys sign; <c>bounce</c>: envelope senders are; <c>tracking</c>: links begin with it.</summary>
    [AllowedValues("sending", "bounce", "tracking")]
    public string Kind { get; init; } = "";

    /// <summary>Whether it is used: its required records were right when they were last read, or lately. Of a sending domain these are both DKIM records, of a tracking domain its CNAME and this service behind it.</summary>
    public bool Verified { get; init; }

    /// <summary>Since when it is verified; null: it isn't.</summary>
    public Instant? VerifiedAt { get; init; }

    /// <summary>Reads in a row, of those made by themselves (once a day; of tracking domains every 10 minutes), that found its required records wrong: after 3 it is no longer verified.</summary>
    public int FailedReads { get; init; }

    /// <summary>Why it isn't verified, or what was wrong when its required records were last read; null where all was right.</summary>
    public string? Problem { get; init; }

    /// <summary>When it was last read; null: never.</summary>
    public Instant? CheckedAt { get; init; }

    /// <summary>What to publish in DNS or to set up, and what was found there.</summary>
    public IReadOnlyList<DomainRecordView> Records { get; init; } = [];

    /// <summary>When it was made.</summary>
    public Instant CreatedAt { get; init; }

    internal static DomainView Of(Domain domain, DomainTargets targets)
    {
        var readings = domain.Readings;
        return new DomainView
        {
            Id = domain.DomainId,
            Name = domain.Name,
            Kind = domain.Kind,
            Verified = domain.VerifiedAt is not null,
            VerifiedAt = domain.VerifiedAt,
            FailedReads = domain.FailedReads,
            Problem = domain.Problem,
            CheckedAt = domain.CheckedAt,
            Records = [.. DomainRecords.Of(domain, targets).Select(r => DomainRecordView.Of(r, readings.GetValueOrDefault(r.Key, RecordReading.None)))],
            CreatedAt = domain.CreatedAt,
        };
    }
}

/// <summary>What a domain needs, a DNS record as a rule: what to publish, and what is there.</summary>
public sealed record DomainRecordView
{
    /// <summary>The record's full name.</summary>
    /// <example>_dmarc.shop.example</example>
    public string Host { get; init; } = "";

    /// <summary>The record's type. <c>TLS</c> is no record: <c>value</c> is the URL behind which this service has to answer, with a certificate for the host.</summary>
    [AllowedValues("TXT", "MX", "CNAME", "TLS")]
    public string Type { get; init; } = "";

    /// <summary>What to publish. A text over 255 characters stands in quoted strings, as in a zone file; null where only your relay's provider can say (SPF).</summary>
    public string? Value { get; init; }

    /// <summary>What it is for.</summary>
    public string Why { get; init; } = "";

    /// <summary>Whether the domain is verified by it; the others are advice.</summary>
    public bool Required { get; init; }

    /// <summary>What was last found, each record's strings joined: at most 10 of at most 1,000 characters.</summary>
    public IReadOnlyList<string> Found { get; init; } = [];

    /// <summary>Whether that will do; null: it has never been read.</summary>
    public bool? Ok { get; init; }

    /// <summary>What is wrong with it, or why it could not be read this time (then <c>found</c> and <c>ok</c> are of the time before).</summary>
    public string? Problem { get; init; }

    /// <summary>When it was last read.</summary>
    public Instant? LastChecked { get; init; }

    /// <summary>Of a key that was rotated out: keep the record until then.</summary>
    public Instant? KeepUntil { get; init; }

    internal static DomainRecordView Of(DomainRecord record, RecordReading reading) => new()
    {
        Host = record.Host,
        Type = record.Type,
        Value = record.Value,
        Why = record.Why,
        Required = record.Required,
        Found = reading.Found,
        Ok = reading.Ok,
        Problem = reading.Problem,
        LastChecked = reading.ReadAt,
        KeepUntil = record.KeepUntil,
    };
}
