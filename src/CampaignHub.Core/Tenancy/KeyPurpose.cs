namespace CampaignHub.Core.Tenancy;

/// <summary>What a tenant's derived key is used for; each purpose has a key of its own, so that a leak of one tells nothing of the others.</summary>
public static class KeyPurpose
{
    /// <summary>MACs of tracking tokens. Rotates: new tokens take the newest key, older ones still verify.</summary>
    public const string Tracking = "tracking";

    /// <summary>MACs of return paths. Rotates: mail that comes back to older ones still verifies.</summary>
    public const string ReturnPath = "return_path";

    /// <summary>Keyed hashes of addresses. Never rotates: the hash is part of a unique key that outlives erasure.</summary>
    public const string Address = "address";

    /// <summary>MACs of links that confirm a subscription. Rotates: links from before still verify.</summary>
    public const string Confirmation = "confirmation";

    /// <summary>MACs of when a form was shown. Rotates.</summary>
    public const string FormStamp = "form_stamp";

    /// <summary>Keyed hashes of addresses and networks that forms were filled in for and from, under no tenant: what is counted is counted over all. Rotates, and then is counted anew.</summary>
    public const string FormTurns = "form_turns";

    /// <summary>Keyed hashes of whom limits count, under no tenant. Rotates, and then is counted anew.</summary>
    public const string RateLimits = "rate_limits";

    /// <summary>Keyed hashes of networks that hits come from, each day under a key of its own. Rotates, and then a network is another one for the rest of the day.</summary>
    public const string Networks = "networks";

    /// <summary>Encryption of stored secrets. Rotates: a box names the key that sealed it.</summary>
    public const string Secrets = "secrets";
}
