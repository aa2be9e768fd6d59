using CampaignHub.Core.Audience;

namespace CampaignHub.Server.Audience.Imports;

/// <summary>Tells by its first bytes what can't be a file of recipients, so that nobody reads errors about thousands of rows instead.</summary>
internal static class FileSigns
{
    private static readonly byte[][] Packed =
    [
        "PK\u0003\u0004"u8.ToArray(), // zip, and every newer spreadsheet
        [0x1F, 0x8B],                 // gzip
        [0xD0, 0xCF, 0x11, 0xE0],     // older spreadsheets
        "%PDF"u8.ToArray(),
        [0xFF, 0xFE, 0x00, 0x00],     // UTF-32, which nobody writes
    ];

    /// <param name="format">As it was declared.</param>
    /// <param name="charset">As it was found out: see <see cref="FileCharsets.Of"/>.</param>
    /// <param name="bytes">The file's first.</param>
    public static ImportFailure? FailureOf(ImportFormat format, FileCharset charset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return ImportFailures.Empty;
        foreach (var sign in Packed)
            if (bytes.StartsWith(sign))
                return ImportFailures.Unreadable;
        if (charset.IsUtf16())
            return format == ImportFormat.Csv ? null : ImportFailures.NotUtf8;
        return bytes.Contains((byte)0) ? ImportFailures.Unreadable : null;
    }
}
