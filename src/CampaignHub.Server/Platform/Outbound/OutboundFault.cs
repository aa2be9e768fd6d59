using System.Text.RegularExpressions;

namespace CampaignHub.Server.Platform.Outbound;

/// <summary>What went wrong with somebody else's server, in words.</summary>
internal static partial class OutboundFault
{
    /// <summary>The fault on one line, bounded. It may quote what the server sent, NULs too, which no database holds.</summary>
    /// <param name="message">As it was thrown.</param>
    /// <param name="most">Most characters.</param>
    public static string Words(string message, int most = 300)
    {
        var line = Blanks().Replace(message, " ").Trim();
        return line.Length <= most ? line : line[..most];
    }

    [GeneratedRegex(@"[\s\p{Cc}\p{Cs}]+")]
    private static partial Regex Blanks();
}
