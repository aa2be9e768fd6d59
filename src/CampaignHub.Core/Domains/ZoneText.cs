namespace CampaignHub.Core.Domains;

/// <summary>Text as a TXT record's data holds it: in strings of at most 255 bytes (RFC 1035 3.3.14).</summary>
public static class ZoneText
{
    private const int MaxString = 255;

    /// <summary>
    /// How to enter ASCII text: as it is where one string holds it, otherwise as quoted strings, which readers join
    /// without anything between them.
    /// </summary>
    public static string Of(string text) =>
        text.Length <= MaxString ? text : string.Join(' ', text.Chunk(MaxString).Select(piece => $"\"{new string(piece)}\""));
}
