using System.Text;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>Finds the Message-ID of raw mail without parsing the rest: the sink must outrun what is measured with it.</summary>
internal static class MessageIdHeader
{
    private static ReadOnlySpan<byte> Name => "message-id:"u8;

    /// <summary>The id without angle brackets; null when the header block has none.</summary>
    public static string? Find(ReadOnlySpan<byte> source)
    {
        while (source.Length > 0)
        {
            var end = source.IndexOf((byte)'\n') is >= 0 and var lf ? lf : source.Length - 1;
            var line = source[..(end + 1)];
            if (line.TrimEnd("\r\n"u8).IsEmpty)
                return null;
            if (line.Length > Name.Length && Ascii.EqualsIgnoreCase(line[..Name.Length], Name))
                return Id(source[Name.Length..]);
            source = source[(end + 1)..];
        }
        return null;
    }

    // The id may stand on a folded line, so it is taken from its brackets.
    private static string? Id(ReadOnlySpan<byte> value)
    {
        var start = value.IndexOf((byte)'<');
        var length = start < 0 ? -1 : value[(start + 1)..].IndexOf((byte)'>');
        return length is > 0 and <= 998 ? Encoding.UTF8.GetString(value.Slice(start + 1, length)) : null;
    }
}
