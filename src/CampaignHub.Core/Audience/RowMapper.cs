using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NodaTime;

namespace CampaignHub.Core.Audience;

/// <summary>Reads a cell of the current row; empty for a column that the row doesn't reach.</summary>
/// <param name="column">From 0.</param>
public delegate ReadOnlySpan<char> CsvCells(int column);

/// <summary>
/// Rows of one file → recipients. Keeps its buffers from row to row: one instance for one reader, not for several threads.
/// </summary>
public sealed class RowMapper : IDisposable
{
    /// <summary>JSON for a database, not for a page: other scripts stay as they are.</summary>
    internal static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly CsvLayout _layout;
    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private readonly Utf8JsonWriter _writer;
    private readonly List<AttributeColumn> _keptCodes = [];

    public RowMapper(CsvLayout layout)
    {
        _layout = layout;
        _writer = new Utf8JsonWriter(_json, new JsonWriterOptions { Encoder = Encoder, SkipValidation = true });
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>A recipient, or the first thing that is wrong with the row.</summary>
    public ImportRow Map(CsvCells cells)
    {
        _keptCodes.Clear();
        if (RecipientFields.Email(Cell(cells, CsvField.Email), out var email) is { } noEmail)
            return Error(noEmail, cells, CsvField.Email);
        if (RecipientFields.Name("first_name", Cell(cells, CsvField.FirstName), out var firstName) is { } badFirst)
            return Error(badFirst, cells, CsvField.FirstName);
        if (RecipientFields.Name("last_name", Cell(cells, CsvField.LastName), out var lastName) is { } badLast)
            return Error(badLast, cells, CsvField.LastName);
        if (RecipientFields.Phone(PhoneOf(cells, out var phoneField), out var phone) is { } badPhone)
            return Error(badPhone, cells, phoneField);
        var row = new RecipientRow { Email = email!, FirstName = firstName, LastName = lastName, Phone = phone, Attributes = "{}" };
        return WithPlace(row, cells);
    }

    private ImportRow WithPlace(RecipientRow row, CsvCells cells)
    {
        if (RecipientFields.Locale(Cell(cells, CsvField.Locale), out var locale) is { } badLocale)
            return Error(badLocale, cells, CsvField.Locale);
        if (RecipientFields.Country(Cell(cells, CsvField.Country), out var country) is { } badCountry && !IsKept(CsvField.Country, cells))
            return Error(badCountry, cells, CsvField.Country);
        if (RecipientFields.Region(Cell(cells, CsvField.Region), country, out var region) is { } badRegion && !IsKept(CsvField.Region, cells))
            return Error(badRegion, cells, CsvField.Region);
        if (RecipientFields.TimeZone(Cell(cells, CsvField.TimeZone), out var timeZone) is { } badZone)
            return Error(badZone, cells, CsvField.TimeZone);
        return WithConsent(row with { Locale = locale, Country = country, Region = region, TimeZone = timeZone }, cells);
    }

    private ImportRow WithConsent(RecipientRow row, CsvCells cells)
    {
        if (Consent(Cell(cells, CsvField.Consent), out var statement) is { } badConsent)
            return Error(badConsent, cells, CsvField.Consent);
        if (RecipientFields.ConsentAt(Cell(cells, CsvField.ConsentAt), out var at) is { } badInstant)
            return Error(badInstant, cells, CsvField.ConsentAt);
        if (RecipientFields.ConsentSource(Cell(cells, CsvField.ConsentSource), out var source) is { } badSource)
            return Error(badSource, cells, CsvField.ConsentSource);
        if (AttributesOf(cells, out var attributes) is { } badAttributes)
            return badAttributes;
        var complete = row with { Consent = statement, ConsentAt = at, ConsentSource = source, Attributes = attributes };
        return complete;
    }

    private RowError? AttributesOf(CsvCells cells, out string json)
    {
        json = "{}";
        _json.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        foreach (var column in _layout.Attributes)
            if (Write(column, cells) is { } notText)
                return notText;
        foreach (var column in _keptCodes)
            Write(column, cells);
        _writer.WriteEndObject();
        _writer.Flush();
        if (_json.WrittenCount > RecipientAttributes.MaxBytes)
            return RowError.From(RecipientAttributes.TooLarge(), "");
        json = Encoding.UTF8.GetString(_json.WrittenSpan);
        return null;
    }

    /// <summary>An empty cell is no attribute.</summary>
    private RowError? Write(AttributeColumn column, CsvCells cells)
    {
        var value = WithoutQuote(cells(column.Index).Trim(), column.DropsQuote);
        if (!RecipientFields.IsText(value))
            return RowError.From(new FieldError($"attributes.{column.Key}", RecipientCodes.NotText, "The text holds a NUL."), value);
        if (!value.IsEmpty)
            _writer.WriteString(column.Key, value);
        return null;
    }

    /// <summary>A foreign export's code that isn't known is kept as an attribute instead of costing the row.</summary>
    private bool IsKept(CsvField field, CsvCells cells)
    {
        var column = _layout.ColumnOf(field)!.Value;
        var isKept = _layout.Format.IsForeign && RecipientFields.IsText(cells(column));
        if (isKept)
            _keptCodes.Add(_layout.AsAttribute(column));
        return isKept;
    }

    private FieldError? Consent(string? cell, out ConsentStatement statement)
    {
        statement = ConsentStatement.Silent;
        if (cell is null || _layout.Format.ConsentWords.TryGetValue(cell.ToLowerInvariant(), out statement))
            return null;
        return new FieldError("consent.status", RecipientCodes.InvalidConsent, "The consent's word isn't known.");
    }

    private string? PhoneOf(CsvCells cells, out CsvField field)
    {
        var first = Cell(cells, field = CsvField.Phone);
        var phone = first ?? Cell(cells, CsvField.SecondPhone);
        if (first is null && phone is not null)
            field = CsvField.SecondPhone;
        return WithoutQuote(phone, true).ToString();
    }

    /// <summary>Null where the file hasn't the column or the cell is blank.</summary>
    private string? Cell(CsvCells cells, CsvField field)
    {
        var cell = _layout.ColumnOf(field) is { } column ? cells(column).Trim() : default;
        return cell.IsEmpty ? null : cell.ToString();
    }

    private RowError Error(FieldError problem, CsvCells cells, CsvField field) =>
        RowError.From(problem, _layout.ColumnOf(field) is { } column ? cells(column) : default);

    private static ReadOnlySpan<char> WithoutQuote(ReadOnlySpan<char> text, bool dropsQuote) =>
        dropsQuote && text is ['\'', ..] ? text[1..] : text;
}
