using NodaTime;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>A file of recipients on its way into a list.</summary>
public sealed record Import
{
    /// <summary>The import's id (UUIDv7).</summary>
    public Guid Id { get; init; }

    /// <summary>The list that the file's people join.</summary>
    public Guid ListId { get; init; }

    /// <summary><c>queued</c> (being uploaded, or waiting its turn), <c>running</c>, <c>finished</c> or <c>failed</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>What was wrong with the file as a whole; null unless failed.</summary>
    public ImportFailure? Failure { get; init; }

    /// <summary>Rows read so far. At the end it is created + updated + duplicates + invalid.</summary>
    public long Rows { get; init; }

    /// <summary>Rows that made a new recipient.</summary>
    public long Created { get; init; }

    /// <summary>Rows of a recipient who was known already.</summary>
    public long Updated { get; init; }

    /// <summary>Rows followed by a later one of the same address: the last one counts.</summary>
    public long Duplicates { get; init; }

    /// <summary>Rows that are no recipient; <c>GET /v1/imports/{id}/errors</c> says why.</summary>
    public long Invalid { get; init; }

    /// <summary>Of the created and updated, people who have left the list themselves, and weren't put back on it.</summary>
    public long LeftList { get; init; }

    /// <summary>What should be known about a file that went in.</summary>
    public IReadOnlyList<ImportWarning> Warnings { get; init; } = [];

    /// <summary>The consent in which the merged people stand.</summary>
    public ImportConsent Consent { get; init; } = new(0, 0, 0);

    /// <summary>When merging began; null before.</summary>
    public Instant? StartedAt { get; init; }

    /// <summary>When it finished or failed; null before.</summary>
    public Instant? FinishedAt { get; init; }
}

/// <summary>Why a file as a whole was refused.</summary>
/// <param name="Code">A stable word: <c>empty_file</c>, <c>unreadable_file</c>, <c>not_utf8</c>, <c>no_email_column</c>, <c>line_too_long</c>, <c>malformed_csv</c>, <c>upload_interrupted</c>, <c>merge_failed</c>.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record ImportFailure(string Code, string Message);

/// <summary>Something about a file that went in, and what to do about it.</summary>
/// <param name="Code">A stable word: <c>read_as_windows_1252</c>, <c>not_suppressed</c>, <c>no_consent</c>, <c>errors_cut</c>.</param>
/// <param name="Count">How many rows it is about.</param>
/// <param name="Message">A sentence for people, with the call that mends it.</param>
public sealed record ImportWarning(string Code, long Count, string Message);

/// <summary>How many of the merged people stand in which consent; the rest is pending.</summary>
/// <param name="Granted">May be mailed.</param>
/// <param name="Unknown">Nobody said a yes.</param>
/// <param name="Withdrawn">Took it back.</param>
public sealed record ImportConsent(long Granted, long Unknown, long Withdrawn);

/// <summary>Why one row became no recipient.</summary>
public sealed record ImportError
{
    /// <summary>The row: 1 is the first after a CSV's header, or the first line of NDJSON.</summary>
    public long Row { get; init; }

    /// <summary>The field, by its name on the wire; <c>row</c> where it is the whole row.</summary>
    public string Field { get; init; } = "";

    /// <summary>A stable word, such as <c>invalid_email</c>.</summary>
    public string Code { get; init; } = "";

    /// <summary>A sentence for people.</summary>
    public string Message { get; init; } = "";

    /// <summary>What stood there, cut to 200 characters.</summary>
    public string? Value { get; init; }
}
