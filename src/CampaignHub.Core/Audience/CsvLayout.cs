using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CampaignHub.Core.Audience;

/// <summary>A column that becomes an attribute.</summary>
/// <param name="Index">Of the column, from 0.</param>
/// <param name="Key">The attribute's name, encoded once for the whole file.</param>
/// <param name="DropsQuote">True where a leading <c>'</c> is a spreadsheet's.</param>
/// <param name="Kind">What its cells are.</param>
public sealed record AttributeColumn(int Index, JsonEncodedText Key, bool DropsQuote, AttributeKind Kind);

/// <summary>What the columns of one file mean. Immutable; a <see cref="RowMapper"/> reads rows by it.</summary>
public sealed class CsvLayout
{
    /// <summary>Fields whose column stays an attribute: what is made of it is less than it says.</summary>
    private static readonly CsvField[] KeptAsAttributes =
        [CsvField.WholeName, CsvField.OptedInAt, CsvField.ConfirmedAt, CsvField.UnsubscribedAt, CsvField.CleanedAt];

    /// <summary>By field, best first.</summary>
    private readonly int[][] _columns;

    private readonly IReadOnlyList<AttributeColumn> _all;

    private CsvLayout(CsvFormat format, int[][] columns, IReadOnlyList<AttributeColumn> all)
    {
        (Format, _columns, _all) = (format, columns, all);
        var taken = Enum.GetValues<CsvField>().Except(KeptAsAttributes).SelectMany(field => columns[(int)field].Take(1)).ToHashSet();
        Attributes = [.. all.Where(column => column.Kind != AttributeKind.None && !taken.Contains(column.Index))];
    }

    public CsvFormat Format { get; }

    /// <summary>The columns that are no field of a recipient, in the file's order.</summary>
    public IReadOnlyList<AttributeColumn> Attributes { get; }

    /// <summary>How many columns the header names.</summary>
    public int Columns => _all.Count;

    /// <summary>True where the file speaks of consent; without, a row's silence is the whole file's.</summary>
    public bool HasConsentColumn => ColumnOf(CsvField.Consent) is not null;

    /// <summary>True where times tell of consent, row by row.</summary>
    public bool HasConsentTimes => !HasConsentColumn && (Has(CsvField.OptedInAt) || Has(CsvField.UnsubscribedAt) || Has(CsvField.CleanedAt));

    public bool Has(CsvField field) => ColumnsOf(field).Length > 0;

    /// <summary>The column that stands for the field, from 0; null where the file has none.</summary>
    public int? ColumnOf(CsvField field) => ColumnsOf(field) is [var first, ..] ? first : null;

    /// <summary>That column, and those that stand for it where it is empty.</summary>
    public ReadOnlySpan<int> ColumnsOf(CsvField field) => _columns[(int)field];

    /// <summary>Recognises a file by its header, in any order and case. Cells may still carry quotes, blanks or a byte order mark.</summary>
    public static bool Recognise(
        IReadOnlyList<string> header, [NotNullWhen(true)] out CsvLayout? layout, [NotNullWhen(false)] out FieldError? problem)
    {
        var keys = header.Select(CsvHeader.Key).ToList();
        var format = CsvFormats.All.First(known => known.Fits(keys));
        layout = Map(format, keys);
        problem = null;
        if (layout.ColumnOf(CsvField.Email) is not null)
            return true;
        layout = null;
        problem = new FieldError("email", RecipientCodes.NoEmailColumn, "The header names no column \"email\".");
        return false;
    }

    /// <summary>The column under the name that it would have as an attribute.</summary>
    internal AttributeColumn AsAttribute(int column) => _all[column];

    /// <summary>The first column of each field is the field, with its fallbacks behind it; any other is an attribute.</summary>
    private static CsvLayout Map(CsvFormat format, List<string> keys)
    {
        var own = ByField(format.Fields, keys);
        var fallbacks = ByField(format.Fallbacks, keys);
        int[][] columns = [.. Enum.GetValues<CsvField>().Select(field => (int[])[.. own[field].Take(1), .. fallbacks[field]])];
        var rules = keys.ConvertAll(key => format.Attributes.GetValueOrDefault(key));
        var names = CsvHeader.UniqueKeys([.. keys.Select((key, i) => rules[i].Name ?? key)]);
        return new CsvLayout(format, columns, [.. names.Select((name, i) => new AttributeColumn(
            i, JsonEncodedText.Encode(name, RowAttributes.Encoder), CsvHeader.MayBeQuoted(keys[i]), rules[i].Kind))]);
    }

    private static ILookup<CsvField, int> ByField(IReadOnlyDictionary<string, CsvField> fields, List<string> keys) => keys
        .Select((key, i) => (Index: i, IsField: fields.TryGetValue(key, out var field), Field: field))
        .Where(column => column.IsField).ToLookup(column => column.Field, column => column.Index);
}
