using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CampaignHub.Core.Audience;

/// <summary>The columns of a row that are no field → its attributes. Keeps its buffers from row to row, as <see cref="RowMapper"/> does.</summary>
internal sealed class RowAttributes : IDisposable
{
    /// <summary>JSON for a database, not for a page: other scripts stay as they are.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private const NumberStyles Numbers = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    private readonly CsvLayout _layout;
    private readonly ArrayBufferWriter<byte> _json = new(1024);
    private readonly Utf8JsonWriter _writer;
    private readonly List<AttributeColumn> _kept = [];

    public RowAttributes(CsvLayout layout)
    {
        _layout = layout;
        _writer = new Utf8JsonWriter(_json, new JsonWriterOptions { Encoder = Encoder, SkipValidation = true });
    }

    /// <summary>Before each row.</summary>
    public void Clear() => _kept.Clear();

    /// <summary>The row's cell becomes an attribute, though its column is a field.</summary>
    public void Keep(int column) => _kept.Add(_layout.AsAttribute(column));

    public void Dispose() => _writer.Dispose();

    public static ReadOnlySpan<char> WithoutQuote(ReadOnlySpan<char> text) => text is ['\'', ..] ? text[1..] : text;

    /// <summary>One JSON object of all of them, or what is wrong with one.</summary>
    public RowError? Read(CsvCells cells, string? consentLevel, out string json)
    {
        json = "{}";
        _json.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteStartObject();
        foreach (var column in _layout.Attributes)
            if (Write(column, cells) is { } notText)
                return notText;
        foreach (var column in _kept)
            Write(column, cells);
        if (consentLevel is not null)
            _writer.WriteString("consent_level"u8, consentLevel);
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
        var value = column.DropsQuote ? WithoutQuote(cells(column.Index).Trim()) : cells(column.Index).Trim();
        if (!RecipientFields.IsText(value))
            return RowError.From(new FieldError($"attributes.{column.Key}", RecipientCodes.NotText, "The text holds a NUL."), value);
        if (!value.IsEmpty)
            Write(column, value);
        return null;
    }

    private void Write(AttributeColumn column, ReadOnlySpan<char> value)
    {
        if (column.Kind == AttributeKind.Tags)
            Write(column.Key, TagList.OfCell(value.ToString()));
        else if (column.Kind == AttributeKind.Number && decimal.TryParse(value, Numbers, CultureInfo.InvariantCulture, out var number))
            _writer.WriteNumber(column.Key, number);
        else
            _writer.WriteString(column.Key, value);
    }

    private void Write(JsonEncodedText key, IReadOnlyList<string> tags)
    {
        _writer.WriteStartArray(key);
        foreach (var tag in tags)
            _writer.WriteStringValue(tag);
        _writer.WriteEndArray();
    }
}
