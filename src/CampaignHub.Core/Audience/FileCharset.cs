namespace CampaignHub.Core.Audience;

/// <summary>How the text of a file is written in bytes.</summary>
public enum FileCharset
{
    Utf8,

    /// <summary>In the order of bytes that the file itself shows; little-endian where it doesn't.</summary>
    Utf16,

    Utf16LittleEndian,
    Utf16BigEndian,
    Windows1252,

    /// <summary>Nobody says: <see cref="Utf8OrWindows1252"/> finds out as it reads.</summary>
    Utf8OrWindows1252,
}

/// <summary>The charset of a file: what its byte order mark says, else what its sender says, else what its beginning looks like.</summary>
public static class FileCharsets
{
    /// <summary>The names that are taken, as a media type's <c>charset</c> writes them.</summary>
    public const string Names = "utf-8, utf-16, utf-16le, utf-16be, windows-1252 or iso-8859-1";

    /// <summary>Null for a name that isn't known. ISO 8859-1 is read as Windows-1252, which is what is meant by it (WHATWG Encoding).</summary>
    public static FileCharset? Parse(string name) => name.ToLowerInvariant() switch
    {
        "utf-8" => FileCharset.Utf8,
        "utf-16" => FileCharset.Utf16,
        "utf-16le" => FileCharset.Utf16LittleEndian,
        "utf-16be" => FileCharset.Utf16BigEndian,
        "windows-1252" or "iso-8859-1" => FileCharset.Windows1252,
        _ => null,
    };

    /// <param name="beginning">The file's first bytes.</param>
    /// <param name="declared">What its sender says; null for nothing.</param>
    /// <returns>Never <see cref="FileCharset.Utf16"/>.</returns>
    public static FileCharset Of(ReadOnlySpan<byte> beginning, FileCharset? declared) => (Marked(beginning), declared) switch
    {
        ({ } marked, _) => marked,
        (_, FileCharset.Utf16) => LooksUtf16(beginning) ?? FileCharset.Utf16LittleEndian,
        (_, { } said) => said,
        _ => LooksUtf16(beginning) ?? FileCharset.Utf8OrWindows1252,
    };

    public static bool IsUtf16(this FileCharset charset) => charset is FileCharset.Utf16 or FileCharset.Utf16LittleEndian or FileCharset.Utf16BigEndian;

    private static FileCharset? Marked(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => FileCharset.Utf8,
        [0xFF, 0xFE, ..] => FileCharset.Utf16LittleEndian,
        [0xFE, 0xFF, ..] => FileCharset.Utf16BigEndian,
        _ => null,
    };

    /// <summary>
    /// A table of addresses has many ASCII characters, each of which is a NUL and a byte in UTF-16: at least a third of all, on the
    /// same side. No file in UTF-8 has a NUL.
    /// </summary>
    private static FileCharset? LooksUtf16(ReadOnlySpan<byte> bytes)
    {
        var (little, big) = (0, 0);
        for (var i = 0; i + 1 < bytes.Length; i += 2)
        {
            little += bytes[i + 1] == 0 && IsAsciiText(bytes[i]) ? 1 : 0;
            big += bytes[i] == 0 && IsAsciiText(bytes[i + 1]) ? 1 : 0;
        }
        var third = Math.Max(1, bytes.Length / 6);
        return little > big && little >= third ? FileCharset.Utf16LittleEndian : big > little && big >= third ? FileCharset.Utf16BigEndian : null;
    }

    private static bool IsAsciiText(byte value) => value is >= 0x20 and < 0x7F or (byte)'\t' or (byte)'\r' or (byte)'\n';
}
