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
    ];

    public static ImportFailure? FailureOf(ReadOnlyMemory<byte> beginning)
    {
        var bytes = beginning.Span;
        if (bytes.IsEmpty)
            return ImportFailures.Empty;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return ImportFailures.NotUtf8;
        foreach (var sign in Packed)
            if (bytes.StartsWith(sign))
                return ImportFailures.Unreadable;
        return bytes.Contains((byte)0) ? ImportFailures.Unreadable : null;
    }
}
