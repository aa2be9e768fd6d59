namespace CampaignHub.Core.Audience;

/// <summary>Reads a cell of the current row; empty for a column that the row doesn't reach.</summary>
/// <param name="column">From 0.</param>
public delegate ReadOnlySpan<char> CsvCells(int column);

/// <summary>
/// Rows of one file → recipients. Keeps its buffers from row to row: one instance for one reader, not for several threads.
/// </summary>
public sealed class RowMapper : IDisposable
{
    private readonly CsvLayout _layout;
    private readonly RowAttributes _attributes;

    public RowMapper(CsvLayout layout) => (_layout, _attributes) = (layout, new RowAttributes(layout));

    public void Dispose() => _attributes.Dispose();

    /// <summary>A recipient, or the first thing that is wrong with the row.</summary>
    public ImportRow Map(CsvCells cells)
    {
        _attributes.Clear();
        if (RecipientFields.Email(Cell(cells, CsvField.Email), out var email) is { } noEmail)
            return Error(noEmail, cells, CsvField.Email);
        var (first, last, isWhole) = NameOf(cells);
        if (RecipientFields.Name("first_name", first, out var firstName) is { } badFirst)
            return Error(badFirst, cells, isWhole ? CsvField.WholeName : CsvField.FirstName);
        if (RecipientFields.Name("last_name", last, out var lastName) is { } badLast)
            return Error(badLast, cells, isWhole ? CsvField.WholeName : CsvField.LastName);
        if (RecipientFields.Phone(RowAttributes.WithoutQuote(Cell(cells, CsvField.Phone)).ToString(), out var phone) is { } badPhone)
            return Error(badPhone, cells, CsvField.Phone);
        var row = new RecipientRow { Email = email!, FirstName = firstName, LastName = lastName, Phone = phone, Attributes = "{}" };
        return WithPlace(row, cells);
    }

    private ImportRow WithPlace(RecipientRow row, CsvCells cells)
    {
        if (RecipientFields.Locale(Cell(cells, CsvField.Locale), out var locale) is { } badLocale && !IsKept(CsvField.Locale, cells))
            return Error(badLocale, cells, CsvField.Locale);
        if (RecipientFields.Country(Cell(cells, CsvField.Country), out var country) is { } badCountry && !IsKept(CsvField.Country, cells))
            return Error(badCountry, cells, CsvField.Country);
        if (RecipientFields.Region(RegionOf(cells, country), country, out var region) is { } badRegion && !IsKept(CsvField.Region, cells))
            return Error(badRegion, cells, CsvField.Region);
        if (RecipientFields.TimeZone(Cell(cells, CsvField.TimeZone), out var timeZone) is { } badZone && !IsKept(CsvField.TimeZone, cells))
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
        row = row with { Consent = statement, ConsentAt = at, ConsentSource = source };
        return _layout.HasConsentTimes ? WithConsentTimes(row, cells) : WithAttributes(row, cells, null);
    }

    private ImportRow WithConsentTimes(RecipientRow row, CsvCells cells)
    {
        var times = new ListTimes(
            Cell(cells, CsvField.OptedInAt), Cell(cells, CsvField.ConfirmedAt), Cell(cells, CsvField.UnsubscribedAt), Cell(cells, CsvField.CleanedAt));
        var told = TimedConsent.Of(times, _layout.Has(CsvField.UnsubscribedAt), _layout.Has(CsvField.CleanedAt));
        row = row with { Consent = told.Statement, ConsentAt = told.At, IsConsentInferred = true, IsUndeliverable = told.IsUndeliverable };
        return WithAttributes(row, cells, told.Level);
    }

    private ImportRow WithAttributes(RecipientRow row, CsvCells cells, string? consentLevel)
    {
        if (_attributes.Read(cells, consentLevel, out var json) is { } badAttributes)
            return badAttributes;
        var complete = row with { Attributes = json };
        return complete;
    }

    /// <summary>A foreign export's code that isn't known is kept as an attribute instead of costing the row.</summary>
    private bool IsKept(CsvField field, CsvCells cells)
    {
        var column = ReadColumn(cells, field)!.Value;
        var isKept = _layout.Format.IsForeign && RecipientFields.IsText(cells(column));
        if (isKept && column == _layout.ColumnOf(field)) // a fallback is an attribute anyway
            _attributes.Keep(column);
        return isKept;
    }

    private FieldError? Consent(string? cell, out ConsentStatement statement)
    {
        statement = ConsentStatement.Silent;
        if (cell is null || _layout.Format.ConsentWords.TryGetValue(cell.ToLowerInvariant(), out statement))
            return null;
        return new FieldError("consent.status", RecipientCodes.InvalidConsent, "The consent's word isn't known.");
    }

    private (string? First, string? Last, bool IsWhole) NameOf(CsvCells cells)
    {
        var (first, last) = (Cell(cells, CsvField.FirstName), Cell(cells, CsvField.LastName));
        if (first is not null || last is not null || Cell(cells, CsvField.WholeName) is not { } whole)
            return (first, last, false);
        (first, last) = PersonName.Split(whole);
        return (first, last, true);
    }

    private string? RegionOf(CsvCells cells, string? country) =>
        Cell(cells, CsvField.Region) is { } region ? _layout.Format.RegionOf(country, region) : null;

    /// <summary>Null where the file hasn't the column or the cell is blank.</summary>
    private string? Cell(CsvCells cells, CsvField field)
    {
        var cell = ReadColumn(cells, field) is { } column ? cells(column).Trim() : default;
        return cell.IsEmpty ? null : cell.ToString();
    }

    /// <summary>The first of the field's columns that isn't blank; the first of all where they are.</summary>
    private int? ReadColumn(CsvCells cells, CsvField field)
    {
        foreach (var column in _layout.ColumnsOf(field))
            if (!cells(column).IsWhiteSpace())
                return column;
        return _layout.ColumnOf(field);
    }

    private RowError Error(FieldError problem, CsvCells cells, CsvField field) =>
        RowError.From(problem, ReadColumn(cells, field) is { } column ? cells(column) : default);
}
