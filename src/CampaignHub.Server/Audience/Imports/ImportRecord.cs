using System.Text.Json;
using CampaignHub.Server.Platform.Json;
using NodaTime;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>An import as it is stored.</summary>
internal sealed record ImportRecord
{
    public Guid Id { get; init; }
    public Guid ListId { get; init; }

    /// <summary>Beside the contract's words <c>staging</c>: its upload isn't at its end yet.</summary>
    public string Status { get; init; } = "staging";
    public string? FailureCode { get; init; }
    public string? FailureMessage { get; init; }
    public string? Consent { get; init; }
    public string? ConsentSource { get; init; }
    public bool Suppress { get; init; }
    public bool HasConsentColumn { get; init; }
    public long Rows { get; init; }
    public long Created { get; init; }
    public long Updated { get; init; }
    public long Duplicates { get; init; }
    public long Invalid { get; init; }
    public long Silent { get; init; }
    public long LeftList { get; init; }
    public string Warnings { get; init; } = "[]";
    public long ConsentGranted { get; init; }
    public long ConsentUnknown { get; init; }
    public long ConsentWithdrawn { get; init; }
    public long MergedThrough { get; init; }
    public Instant CreatedAt { get; init; }
    public Instant? StartedAt { get; init; }
    public Instant? FinishedAt { get; init; }

    /// <summary>As callers see it: who uploads or waits is queued.</summary>
    public Import ToImport() => new()
    {
        Id = Id,
        ListId = ListId,
        Status = Status == "staging" ? "queued" : Status,
        Failure = FailureCode is null ? null : new ImportFailure(FailureCode, FailureMessage!),
        Rows = Rows,
        Created = Created,
        Updated = Updated,
        Duplicates = Duplicates,
        Invalid = Invalid,
        LeftList = LeftList,
        Warnings = JsonSerializer.Deserialize<ImportWarning[]>(Warnings, ApiJson.Options)!,
        Consent = new ImportConsent(ConsentGranted, ConsentUnknown, ConsentWithdrawn),
        StartedAt = StartedAt,
        FinishedAt = FinishedAt,
    };
}
