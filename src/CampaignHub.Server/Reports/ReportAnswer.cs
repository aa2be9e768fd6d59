using System.Text;
using System.Text.Json;
using CampaignHub.Server.Platform.Http;
using CampaignHub.Server.Platform.Json;

namespace CampaignHub.Server.Reports;

/// <summary>Answers a report in the format that was asked for: JSON, a table, or a picture where there is one.</summary>
internal static class ReportAnswer
{
    public const string SvgMediaType = "image/svg+xml";

    /// <param name="request">Its <c>Accept</c> asks for CSV too.</param>
    /// <param name="format">The query's <c>format</c>, already judged.</param>
    /// <param name="report">The report.</param>
    /// <param name="atRest">The same without <c>as_of</c>, by which it would change each time.</param>
    /// <param name="table">Its rows.</param>
    /// <param name="picture">Draws it; null where there is no picture of it.</param>
    public static Answer<T> Of<T>(HttpRequest request, string? format, T report, T atRest, ReportTable table, Func<T, string>? picture = null)
    {
        if (format == "svg" && picture is not null)
            return PolledAnswer.Bytes<T>(SvgMediaType, Encoding.UTF8.GetBytes(picture(report)));
        return format == "csv" || (format is null && CsvWriter.IsWanted(request))
            ? PolledAnswer.Bytes<T>(CsvWriter.MediaType, table.ToCsv())
            : PolledAnswer.Json(report, atRest);
    }
}

/// <summary>
/// The rows of a report, named as in its JSON: <c>opens.all.hits</c> is the column <c>opens_all_hits</c>. Without <c>as_of</c>, so
/// that a table is the same, byte for byte, as long as its numbers are.
/// </summary>
internal sealed class ReportTable
{
    private readonly IReadOnlyList<string> columns;
    private readonly IEnumerable<IReadOnlyList<string>> rows;

    private ReportTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) => (this.columns, this.rows) = (columns, rows);

    /// <param name="rows">The rows.</param>
    /// <param name="blank">A row of zeros, for the columns' names where there are no rows.</param>
    public static ReportTable Of<TRow>(IEnumerable<TRow> rows, TRow blank) =>
        new([.. Cells(blank).Select(cell => cell.Name)], rows.Select(row => (IReadOnlyList<string>)[.. Cells(row).Select(cell => cell.Text)]));

    public byte[] ToCsv() => CsvWriter.Write(columns, rows);

    private static IEnumerable<(string Name, string Text)> Cells<TRow>(TRow row) => Cells("", JsonSerializer.SerializeToElement(row, ApiJson.Options));

    private static IEnumerable<(string Name, string Text)> Cells(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Where(field => field.Name != "as_of").SelectMany(field => Cells(name.Length == 0 ? field.Name : $"{name}_{field.Name}", field.Value)),
        JsonValueKind.Null => [(name, "")],
        _ => [(name, value.ToString())],
    };
}
