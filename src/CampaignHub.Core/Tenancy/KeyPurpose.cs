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

    /// <summary>Encryption of stored secrets. Rotates: a box names the key that sealed it.</summary>
    public const string Secrets = "secrets";
}
