namespace CampaignHub.Server.Platform;

/// <summary>The operator's key: the setting <c>CampaignHub:OperatorKey</c>, or a file in the data directory made at the first start.</summary>
/// <param name="Key">The secret; never logged.</param>
/// <param name="Place">The file that holds it, to be printed; null when it came from the settings.</param>
public sealed record OperatorKeyFile(string Key, string? Place)
{
    public const string Setting = "CampaignHub:OperatorKey";

    /// <param name="settings">May hold the key itself.</param>
    /// <param name="directory">Keeps the key that is made.</param>
    /// <param name="make">A new key; called only when there is none.</param>
    public static OperatorKeyFile Open(IConfiguration settings, DataDirectory directory, Func<string> make)
    {
        if (settings[Setting] is { Length: > 0 } given)
            return new OperatorKeyFile(given, null);
        var place = directory.PathOf("operator-key");
        return new OperatorKeyFile(DurableFile.ReadOrCreate(place, () => make() + "\n").Trim(), place);
    }

    /// <summary>A record prints its members; this one must not.</summary>
    public override string ToString() => $"operator key in {Place ?? "the settings"}";
}
