using System.Diagnostics.CodeAnalysis;

namespace CampaignHub.Core.Audience;

/// <summary>
/// What a suppression names, normalised so that matching is equality: an address's key, <c>*@shop.example</c> (every
/// address at exactly that domain) or <c>*.example</c> (every address at a domain below it, at any depth).
/// </summary>
public static class SuppressionPattern
{
    /// <summary>Normalises a pattern, or says why it names nothing that can be suppressed.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? pattern, [NotNullWhen(false)] out string? problem)
    {
        pattern = null;
        var trimmed = (text ?? "").Trim();
        if (trimmed.StartsWith("*@", StringComparison.Ordinal))
            return TryDomain("*@", trimmed[2..], out pattern, out problem);
        if (trimmed.StartsWith("*.", StringComparison.Ordinal))
            return TryParent(trimmed[2..], out pattern, out problem);
        if (trimmed.Contains('*'))
        {
            problem = "A pattern is an address, *@domain or *.domain; a * stands nowhere else.";
            return false;
        }
        var parsed = EmailAddress.TryParse(trimmed, out var address, out problem);
        pattern = address?.Key;
        return parsed;
    }

    /// <summary>
    /// Every normalised pattern that matches the address: its key, <c>*@</c> its domain, <c>*.</c> each parent.
    /// </summary>
    public static IReadOnlyList<string> Candidates(EmailAddress address)
    {
        var candidates = new List<string>(5) { address.Key, "*@" + address.Domain };
        for (var dot = address.Domain.IndexOf('.'); dot >= 0; dot = address.Domain.IndexOf('.', dot + 1))
            candidates.Add("*" + address.Domain[dot..]);
        return candidates;
    }

    private static bool TryDomain(string prefix, string text, [NotNullWhen(true)] out string? pattern, [NotNullWhen(false)] out string? problem)
    {
        var parsed = MailDomain.TryParse(text, out var domain, out problem);
        pattern = parsed ? prefix + domain : null;
        return parsed;
    }

    /// <summary>A parent may be a bare top-level domain, as no mail domain may: it is parsed as the parent of one.</summary>
    private static bool TryParent(string text, [NotNullWhen(true)] out string? pattern, [NotNullWhen(false)] out string? problem)
    {
        var parsed = TryDomain("*.", "x." + text, out pattern, out problem);
        pattern = pattern?.Remove(2, 2);
        return parsed;
    }
}
