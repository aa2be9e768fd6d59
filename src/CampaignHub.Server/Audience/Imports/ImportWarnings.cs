namespace CampaignHub.Server.Audience.Imports;

/// <summary>What is said about an import that went in.</summary>
internal static class ImportWarnings
{
    public static IEnumerable<ImportWarning> Of(ImportRecord import)
    {
        if (import.Silent > 0)
            yield return new ImportWarning("no_consent", import.Silent, import.HasConsentColumn ? EmptyCells(import) : NothingSaid(import));
        if (import.Invalid > ImportStore.MostErrors)
            yield return new ImportWarning("errors_cut", import.Invalid, $"Only the first {ImportStore.MostErrors:N0} errors are kept.");
    }

    /// <summary>What is known of a file once it is read.</summary>
    /// <param name="import">The file's.</param>
    /// <param name="guessed">How many rows were read as Windows-1252 because they were no UTF-8.</param>
    /// <param name="undeliverable">How many rows say that mail to the address has come back for good.</param>
    public static IEnumerable<ImportWarning> OfFile(ImportRecord import, long guessed, long undeliverable)
    {
        if (guessed > 0)
            yield return new ImportWarning("read_as_windows_1252", guessed, "The file is no UTF-8 and was read as Windows-1252. If names look "
                + "wrong, save it as UTF-8 (a spreadsheet calls it \"CSV UTF-8\"), or name its charset in Content-Type, such as text/csv; charset=utf-16le, and import it again.");
        if (undeliverable > 0 && !import.Suppress)
            yield return new ImportWarning("not_suppressed", undeliverable, $"{undeliverable:N0} rows are of addresses from which mail has come back for good. "
                + $"To keep all mail from them, import the file again with POST /v1/imports?list_id={import.ListId}&suppress=true");
    }

    private static string NothingSaid(ImportRecord import) =>
        $"{import.Silent:N0} rows say nothing of consent, and people without it are not mailed. If they have agreed, import the file again with "
        + $"POST /v1/imports?list_id={import.ListId}&consent=granted&consent_source=WHERE_THEY_AGREED";

    /// <summary>Stating it for the whole file would do nothing: a file with the column has spoken.</summary>
    private static string EmptyCells(ImportRecord import) =>
        $"{import.Silent:N0} rows leave the consent column empty, and people without consent are not mailed. If they have agreed, fill the column in, "
        + $"or leave it out, and import these rows with POST /v1/imports?list_id={import.ListId}&consent=granted&consent_source=WHERE_THEY_AGREED";
}
