using CampaignHub.Core.Audience;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>What can be wrong with a file as a whole: the catalogue of failures.</summary>
internal static class ImportFailures
{
    public static readonly ImportFailure Empty = new("empty_file", "The file is empty: send a CSV with a header line, or one JSON object a line.");

    public static readonly ImportFailure Unreadable = new("unreadable_file", "The file is no text: send the CSV or NDJSON itself, not a zip, gzip or spreadsheet file.");

    public static readonly ImportFailure NotUtf8 = new("not_utf8", "The file is UTF-16, and NDJSON is UTF-8 (RFC 8259): save it so and send it again.");

    public static readonly ImportFailure NoEmailColumn = new(RecipientCodes.NoEmailColumn, "The header names no column \"email\": the first line must name the columns, one of them email.");

    public static readonly ImportFailure Interrupted = new("upload_interrupted", "The upload broke off before its end: send the file again. Nothing of it was merged.");

    public static readonly ImportFailure NotMerged = new("merge_failed", "The rows could not be written; the fault has been logged. What was counted until then is merged.");

    public static ImportFailure LineTooLong(long row) =>
        new("line_too_long", $"Row {row} is longer than {ImportRows.MaxRowLength:N0} characters: a quote may be open, or the file is no table of recipients.");

    public static ImportFailure Malformed(long row) =>
        new("malformed_csv", $"Row {row} can't be split into cells: look for a quote that isn't closed.");
}

/// <summary>Carries a failure out of the reading of a stream.</summary>
internal sealed class ImportFailedException(ImportFailure failure) : Exception(failure.Message)
{
    public ImportFailure Failure { get; } = failure;
}
