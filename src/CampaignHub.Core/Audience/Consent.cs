namespace CampaignHub.Core.Audience;

/// <summary>Whether a person may be mailed: only <see cref="Granted"/> says yes. The words on the wire are those of <see cref="WireWords"/>.</summary>
public enum ConsentStatus
{
    Granted,

    /// <summary>Asked, and not confirmed yet (double opt-in).</summary>
    Pending,

    Withdrawn,

    /// <summary>Nobody said anything that counts as a yes.</summary>
    Unknown,
}

/// <summary>What a source says of a person's consent.</summary>
public enum ConsentStatement
{
    Granted,
    Pending,
    Withdrawn,
    Unknown,

    /// <summary>An explicit no that isn't a withdrawal by itself: Shopify's <c>no</c>, <c>not_subscribed</c>.</summary>
    Refused,

    /// <summary>Nothing at all.</summary>
    Silent,
}

/// <summary>How the statement comes in, which decides what silence and an explicit "unknown" mean.</summary>
public enum ConsentChannel
{
    /// <summary><c>POST/PATCH /recipients</c>: silence about a new person asserts granted; unknown is an assertion.</summary>
    Api,

    /// <summary>Imports, webhooks, sync: silence and unknown about a new person are both unknown.</summary>
    Data,
}

/// <summary>The statement's instant beside that of the consent it meets.</summary>
public enum ConsentOrder
{
    /// <summary>Both are known and the statement is later.</summary>
    Newer,

    /// <summary>Both are known and the statement is earlier.</summary>
    Older,

    /// <summary>They are the same, or one isn't known, or there is no current consent.</summary>
    Unordered,
}
