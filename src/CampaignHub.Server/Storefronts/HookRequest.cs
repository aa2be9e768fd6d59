namespace CampaignHub.Server.Storefronts;

/// <summary>What the path of a hook says.</summary>
public sealed class HookRequest
{
    /// <summary>The storefront's id.</summary>
    public string Id { get; set; } = "";
}
