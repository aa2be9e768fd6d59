namespace CampaignHub.Core.Tenancy;

/// <summary>What an API key may do: the contract's words.</summary>
/// <remarks><c>*</c> allows everything. Writing an area implies reading it. Sending implies neither writing nor reading.</remarks>
public static class Scope
{
    public const string AudienceRead = "audience:read";
    public const string AudienceWrite = "audience:write";
    public const string CampaignsRead = "campaigns:read";
    public const string CampaignsWrite = "campaigns:write";
    public const string CampaignsSend = "campaigns:send";
    public const string ReportsRead = "reports:read";
    public const string SettingsRead = "settings:read";
    public const string SettingsWrite = "settings:write";

    /// <summary>Everything: the scope of a tenant's first key.</summary>
    public const string Everything = "*";

    /// <summary>All scopes, in the contract's order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        AudienceRead, AudienceWrite, CampaignsRead, CampaignsWrite, CampaignsSend, ReportsRead, SettingsRead, SettingsWrite, Everything,
    ];

    /// <summary>Whether the word is a scope, exactly as written.</summary>
    public static bool IsKnown(string word) => All.Contains(word);

    /// <summary>The scopes without repeats and in the contract's order; words that are no scopes are left out.</summary>
    public static IReadOnlyList<string> Normalise(IEnumerable<string> words)
    {
        var given = words.ToHashSet(StringComparer.Ordinal);
        return [.. All.Where(given.Contains)];
    }

    /// <summary>Whether a key with these scopes may do what requires this one.</summary>
    public static bool Allows(IReadOnlyCollection<string> granted, string required) =>
        granted.Contains(Everything) || granted.Contains(required)
        || (required.EndsWith(":read", StringComparison.Ordinal) && granted.Contains(required[..^"read".Length] + "write"));
}
