using System.Text;
using CampaignHub.Core;
using CampaignHub.Core.Audience;
using Sylvan.Data.Csv;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>The rows of a CSV file: its delimiter found out, quotes read leniently, its header recognised by Core.</summary>
internal sealed class CsvRows : ImportRows
{
    /// <summary>U+FFFF, which no text contains.</summary>
    private const char NoText = '\uFFFF';

    private static readonly FieldError NotUtf8 = new("row", RecipientCodes.NotUtf8, "A cell holds bytes that are no UTF-8.");
    private static readonly FieldError NotUtf16 = new("row", RecipientCodes.NotText, "A cell holds half a character of UTF-16.");
    private static readonly FieldError TooManyCells =
        new("row", RecipientCodes.TooManyCells, "The row has more cells than the header: a delimiter inside a cell needs quotes around it.");

    private readonly CsvDataReader _reader;
    private readonly CsvLayout _layout;
    private readonly RowMapper _mapper;
    private readonly CsvCells _cells;
    private readonly Encoding _encoding;

    private CsvRows(CsvDataReader reader, CsvLayout layout, Encoding encoding)
    {
        (_reader, _layout, _encoding, _mapper) = (reader, layout, encoding, new RowMapper(layout));
        _cells = column => column < reader.RowFieldCount ? reader.GetFieldSpan(column) : default;
    }

    public override bool HasConsentColumn => _layout.HasConsentColumn;

    public override string Origin => _layout.Format.IsForeign ? _layout.Format.Name : base.Origin;

    public override bool IsGuessedWindows1252 => _encoding is Utf8OrWindows1252 { IsWindows1252: true };

    public static async Task<CsvRows> OpenAsync(Stream upload, FileCharset charset, CancellationToken ct)
    {
        var encoding = EncodingOf(charset);
        var text = new StreamReader(upload, encoding, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024, leaveOpen: true);
        var reader = await OpenAsync(text, ct);
        var header = Enumerable.Range(0, reader.RowFieldCount).Select(i => reader.GetFieldSpan(i).ToString()).ToList();
        return CsvLayout.Recognise(header, out var layout, out _)
            ? new CsvRows(reader, layout, encoding)
            : throw new ImportFailedException(ImportFailures.NoEmailColumn);
    }

    public override async ValueTask<ImportRow?> NextAsync(CancellationToken ct)
    {
        do
        {
            Number++;
            if (!await ReadAsync(_reader, Number, ct))
                return null;
        }
        while (IsBlank(_reader));
        return Misread() ?? _mapper.Map(_cells);
    }

    public override void Dispose()
    {
        _mapper.Dispose();
        _reader.Dispose();
    }

    private static Encoding EncodingOf(FileCharset charset) => charset switch
    {
        FileCharset.Utf16LittleEndian or FileCharset.Utf16BigEndian =>
            Marking(new UnicodeEncoding(bigEndian: charset == FileCharset.Utf16BigEndian, byteOrderMark: true)),
        FileCharset.Windows1252 => Utf8OrWindows1252.Windows1252,
        FileCharset.Utf8 => Marking(new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)),
        _ => new Utf8OrWindows1252(Marking(new UTF8Encoding())),
    };

    /// <summary>Bytes that are no text become a character that no text may have: one bad cell doesn't cost the file.</summary>
    private static Encoding Marking(Encoding encoding)
    {
        var marking = (Encoding)encoding.Clone();
        marking.DecoderFallback = new DecoderReplacementFallback(NoText.ToString());
        return marking;
    }

    private static CsvDataReaderOptions Options() => new()
    {
        HasHeaders = false, // the header is read as a row, so that repeated and empty names are ours to judge
        CsvStyle = CsvStyle.Lax,
        BufferSize = 64 * 1024,
        MaxBufferSize = MaxRowLength,
    };

    /// <summary>Opened, with the header as its current row.</summary>
    private static async Task<CsvDataReader> OpenAsync(TextReader text, CancellationToken ct)
    {
        try
        {
            var reader = await CsvDataReader.CreateAsync(text, Options(), ct);
            do
            {
                if (!await reader.ReadAsync(ct))
                    throw new ImportFailedException(ImportFailures.Empty);
            }
            while (IsBlank(reader));
            return reader;
        }
        catch (Exception fault) when (FailureOf(fault, 0) is { } failure)
        {
            throw new ImportFailedException(failure);
        }
    }

    private static async ValueTask<bool> ReadAsync(CsvDataReader reader, long row, CancellationToken ct)
    {
        try
        {
            return await reader.ReadAsync(ct);
        }
        catch (Exception fault) when (FailureOf(fault, row) is { } failure)
        {
            throw new ImportFailedException(failure);
        }
    }

    private static ImportFailure? FailureOf(Exception fault, long row) => fault switch
    {
        CsvRecordTooLargeException => ImportFailures.LineTooLong(row),
        CsvFormatException => ImportFailures.Malformed(row),
        _ => null,
    };

    private static bool IsBlank(CsvDataReader reader) =>
        reader.RowFieldCount == 0 || reader.RowFieldCount == 1 && reader.GetFieldSpan(0).IsWhiteSpace();

    /// <summary>What is wrong with the row before its fields are looked at; null for nothing.</summary>
    private RowError? Misread()
    {
        var isText = !_reader.GetRawRecordSpan().Contains(NoText);
        if (isText && _reader.RowFieldCount <= _layout.Columns)
            return null;
        for (var i = 0; i < _reader.RowFieldCount; i++)
        {
            var cell = _reader.GetFieldSpan(i);
            if (cell.Contains(NoText))
                return RowError.From(_encoding is UnicodeEncoding ? NotUtf16 : NotUtf8, cell.ToString().Replace(NoText, '\uFFFD'));
            if (i >= _layout.Columns && !cell.IsWhiteSpace())
                return RowError.From(TooManyCells, cell);
        }
        return null;
    }
}
