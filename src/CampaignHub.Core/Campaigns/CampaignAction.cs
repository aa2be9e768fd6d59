namespace CampaignHub.Core.Campaigns;

/// <summary>What may happen to a campaign's status: asked for by a caller, or by the service itself.</summary>
public enum CampaignAction
{
    /// <summary>A caller changes its fields.</summary>
    Edit,

    /// <summary>A caller removes it.</summary>
    Delete,

    /// <summary>A caller has its plan computed, anew if there is one.</summary>
    Plan,

    /// <summary>The service drops a plan that no longer holds.</summary>
    Unplan,

    /// <summary>A caller fixes its instants and lets it go.</summary>
    Launch,

    /// <summary>The service opens a wave.</summary>
    Start,

    /// <summary>A caller holds it.</summary>
    Pause,

    /// <summary>A caller lets it go on.</summary>
    Resume,

    /// <summary>A caller gives up what is not sent yet.</summary>
    Cancel,

    /// <summary>The service finds no delivery left to do.</summary>
    Finish,
}
