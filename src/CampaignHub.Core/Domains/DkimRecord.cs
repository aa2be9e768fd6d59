using CampaignHub.Core.Sending.Signing;

namespace CampaignHub.Core.Domains;

/// <summary>A public key as DNS publishes it (RFC 6376 3.6.1, RFC 8463 4).</summary>
/// <param name="Algorithm">What the key is for.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo DER for RSA; the 32 bytes of the point for Ed25519.</param>
public sealed record DkimRecord(DkimAlgorithm Algorithm, byte[] PublicKey)
{
    private string KeyType => Algorithm == DkimAlgorithm.RsaSha256 ? "rsa" : "ed25519";

    /// <summary>The record's text, in one piece.</summary>
    public string Text => $"v=DKIM1; k={KeyType}; p={Convert.ToBase64String(PublicKey)}";

    /// <summary>Where the key of a selector is published.</summary>
    public static string HostOf(string selector, string domain) => $"{selector}._domainkey.{domain}";

    /// <summary>Whether these TXT records, of the key's own host, let a signature of this key be verified.</summary>
    public RecordVerdict Judge(IReadOnlyList<string> found) => found switch
    {
        [] => RecordVerdict.Wrong("There is no TXT record here."),
        [var only] => Judge(only),
        _ => RecordVerdict.Wrong($"There are {found.Count} TXT records here, and a receiver takes any of them: leave only this one."),
    };

    private RecordVerdict Judge(string text)
    {
        if (text.Contains('"', StringComparison.Ordinal))
            return RecordVerdict.Wrong("There are quotation marks inside of the record: enter its text without them.");
        if (TagList.Parse(text) is not { } tags)
            return RecordVerdict.Wrong("The record is no list of tags such as v=DKIM1; k=rsa; p=….");
        // v= may be left out, but where it is it comes first.
        if (tags.Value("v") is { } version && (version != "DKIM1" || tags[0].Key != "v"))
            return RecordVerdict.Wrong("The record doesn't begin with v=DKIM1.");
        if ((tags.Value("k") ?? "rsa") != KeyType)
            return RecordVerdict.Wrong($"The record is for a key of type {tags.Value("k") ?? "rsa"}, not {KeyType}.");
        if (Restriction(tags) is { } restriction)
            return RecordVerdict.Wrong(restriction);
        return JudgeKey(tags.Value("p"));
    }

    /// <summary>Tags that keep a receiver from trusting the key for mail signed with SHA-256.</summary>
    private static string? Restriction(IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        if (tags.Value("h") is { } hashes && !Words(hashes).Contains("sha256"))
            return "The record allows other hashes only (h=): take the tag away.";
        if (tags.Value("s") is { } services && !Words(services).Any(word => word is "*" or "email"))
            return "The record isn't for email (s=): take the tag away.";
        return tags.Value("t") is { } flags && Words(flags).Contains("y")
            ? "The record says that the domain is only testing (t=y): receivers then treat mail as unsigned. Take the tag away."
            : null;
    }

    private RecordVerdict JudgeKey(string? key)
    {
        if (key is null)
            return RecordVerdict.Wrong("The record has no key (p=).");
        // White space may stand anywhere in it.
        var bare = string.Concat(key.Where(c => !char.IsWhiteSpace(c)));
        if (bare.Length == 0)
            return RecordVerdict.Wrong("The record's key is empty (p=), which says that it was revoked.");
        return bare == Convert.ToBase64String(PublicKey) ? RecordVerdict.Right : RecordVerdict.Wrong("The record holds another key (p=), or this one with a piece missing.");
    }

    private static string[] Words(string list) => list.Split(':', StringSplitOptions.TrimEntries);
}
