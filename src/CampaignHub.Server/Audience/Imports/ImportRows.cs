using CampaignHub.Core.Audience;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>The rows of an uploaded file, one after the other, in bounded memory.</summary>
internal abstract class ImportRows : IDisposable
{
    /// <summary>Most characters (CSV) or bytes (NDJSON) of a row: room for 64 KB of attributes many times over.</summary>
    public const int MaxRowLength = 1024 * 1024;

    /// <summary>The current row: 1 is the first after a header. Empty lines have a number, and are no row.</summary>
    public long Number { get; protected set; }

    /// <summary>True where a column of the file speaks of consent, so that no row of it is without a word.</summary>
    public virtual bool HasConsentColumn => false;

    /// <summary>Where a consent comes from whose row doesn't say it: the file's own format.</summary>
    public virtual string Origin => "import";

    /// <summary>True where the file said nothing of its charset and wasn't UTF-8. Known at its end.</summary>
    public virtual bool IsGuessedWindows1252 => false;

    /// <summary>The next row, a recipient or an error; null at the end.</summary>
    /// <exception cref="ImportFailedException">The file as a whole can't be read on.</exception>
    public abstract ValueTask<ImportRow?> NextAsync(CancellationToken ct);

    public abstract void Dispose();

    /// <summary>Opens a file by its declared format, once its beginning shows that it is text.</summary>
    public static async Task<ImportRows> OpenAsync(DeclaredType declared, UploadStream upload, CancellationToken ct)
    {
        var beginning = await upload.PeekAsync(ct);
        var charset = FileCharsets.Of(beginning.Span, declared.Charset);
        if (FileSigns.FailureOf(declared.Format, charset, beginning.Span) is { } failure)
            throw new ImportFailedException(failure);
        return declared.Format == ImportFormat.Csv ? await CsvRows.OpenAsync(upload, charset, ct) : new NdjsonRows(upload);
    }
}
