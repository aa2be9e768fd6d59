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

    private static string NothingSaid(ImportRecord import) =>
        $"{import.Silent:N0} rows say nothing of consent, and people without it are not mailed. If they have agreed, import the file again with "
        + $"POST /v1/imports?list_id={import.ListId}&consent=granted&consent_source=WHERE_THEY_AGREED";

    /// <summary>Stating it for the whole file would do nothing: a file with the column has spoken.</summary>
    private static string EmptyCells(ImportRecord import) =>
        $"{import.Silent:N0} rows leave the consent column empty, and people without consent are not mailed. If they have agreed, fill the column in, "
        + $"or leave it out, and import these rows with POST /v1/imports?list_id={import.ListId}&consent=granted&consent_source=WHERE_THEY_AGREED";
}
