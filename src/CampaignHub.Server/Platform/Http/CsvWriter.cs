using System.Buffers;
using System.Data.Common;
using System.IO.Pipelines;
using System.Text;

namespace CampaignHub.Server.Platform.Http;

/// <summary>
/// The rows of a query as CSV (RFC 4180, UTF-8, a header), written while they are read: however many there are, no more is
/// held than a few pages of the response. The query gives every column as text.
/// </summary>
internal static class CsvWriter
{
    public const string MediaType = "text/csv";

    private const int FlushAt = 32 * 1024;

    // A spreadsheet takes a cell that begins so for a formula, and runs it: whoever wrote a relay's reply could have the
    // reader's files sent elsewhere. A quote before it makes it text (OWASP, "CSV injection").
    private static readonly SearchValues<char> FormulaBegins = SearchValues.Create("=+-@\t\r");
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    /// <summary>Whether the caller asks for CSV by name, and not rather for JSON.</summary>
    public static bool IsWanted(HttpRequest request) =>
        Quality(request, MediaType) is > 0 and var csv && csv >= Quality(request, "application/json");

    private static double Quality(HttpRequest request, string mediaType) => request.GetTypedHeaders().Accept
        .Where(accepted => accepted.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
        .Select(accepted => accepted.Quality ?? 1).DefaultIfEmpty(0).Max();

    public static async Task WriteAsync(DbDataReader rows, PipeWriter body, CancellationToken ct)
    {
        Func<int, string> cell = column => rows.IsDBNull(column) ? "" : rows.GetString(column);
        WriteLine(body, rows.FieldCount, rows.GetName);
        while (await rows.ReadAsync(ct))
        {
            WriteLine(body, rows.FieldCount, cell);
            if (body.UnflushedBytes >= FlushAt)
                await body.FlushAsync(ct);
        }
        await body.FlushAsync(ct);
    }

    /// <summary>A table that is small enough to hold.</summary>
    public static byte[] Write(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var body = new ArrayBufferWriter<byte>();
        WriteLine(body, columns.Count, column => columns[column]);
        foreach (var row in rows)
            WriteLine(body, columns.Count, column => row[column]);
        return body.WrittenSpan.ToArray();
    }

    private static void WriteLine(IBufferWriter<byte> body, int columns, Func<int, string> cell)
    {
        for (var column = 0; column < columns; column++)
        {
            if (column > 0)
                Encoding.UTF8.GetBytes(",", body);
            Encoding.UTF8.GetBytes(Cell(cell(column)), body);
        }
        Encoding.UTF8.GetBytes("\r\n", body);
    }

    private static string Cell(string text)
    {
        var safe = text.Length > 0 && FormulaBegins.Contains(text[0]) ? "'" + text : text;
        return safe.AsSpan().ContainsAny(NeedsQuotes) ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
