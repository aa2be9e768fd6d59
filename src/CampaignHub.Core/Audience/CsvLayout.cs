using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace CampaignHub.Core.Audience;

/// <summary>A column that becomes an attribute.</summary>
/// <param name="Index">Of the column, from 0.</param>
/// <param name="Key">The attribute's name, encoded once for the whole file.</param>
/// <param name="DropsQuote">True where a leading <c>'</c> is a spreadsheet's.</param>
public sealed record AttributeColumn(int Index, JsonEncodedText Key, bool DropsQuote);

/// <summary>What the columns of one file mean. Immutable; a <see cref="RowMapper"/> reads rows by it.</summary>
public sealed class CsvLayout
{
    private readonly int[] _columns;

    private readonly IReadOnlyList<AttributeColumn> _all;

    private CsvLayout(CsvFormat format, int[] columns, IReadOnlyList<AttributeColumn> all)
    {
        (Format, _columns, _all) = (format, columns, all);
        Attributes = [.. all.Where(column => Array.IndexOf(columns, column.Index) < 0 || column.Index == columns[(int)CsvField.SecondPhone])];
    }

    public CsvFormat Format { get; }

    /// <summary>The columns that are no field of a recipient, in the file's order.</summary>
    public IReadOnlyList<AttributeColumn> Attributes { get; }

    /// <summary>How many columns the header names.</summary>
    public int Columns => _all.Count;

    /// <summary>True where the file speaks of consent; without, a row's silence is the whole file's.</summary>
    public bool HasConsentColumn => ColumnOf(CsvField.Consent) is not null;

    /// <summary>The column that stands for the field, from 0; null where the file has none.</summary>
    public int? ColumnOf(CsvField field) => _columns[(int)field] is >= 0 and var index ? index : null;

    /// <summary>Recognises a file by its header, in any order and case. Cells may still carry quotes, blanks or a byte order mark.</summary>
    public static bool Recognise(
        IReadOnlyList<string> header, [NotNullWhen(true)] out CsvLayout? layout, [NotNullWhen(false)] out FieldError? problem)
    {
        var keys = header.Select(CsvHeader.Key).ToList();
        var format = CsvFormat.All.First(known => known.Fits(keys));
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

    /// <summary>The first column of each field is the field; any other is an attribute.</summary>
    private static CsvLayout Map(CsvFormat format, List<string> keys)
    {
        var columns = new int[Enum.GetValues<CsvField>().Length];
        Array.Fill(columns, -1);
        for (var i = keys.Count - 1; i >= 0; i--)
            if (format.Fields.TryGetValue(keys[i], out var field))
                columns[(int)field] = i;
        var names = CsvHeader.UniqueKeys(keys);
        return new CsvLayout(format, columns, [.. names.Select((name, i) =>
            new AttributeColumn(i, JsonEncodedText.Encode(name, RowMapper.Encoder), CsvHeader.MayBeQuoted(keys[i])))]);
    }
}
