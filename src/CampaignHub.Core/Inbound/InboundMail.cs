using CampaignHub.Core.Sending;

namespace CampaignHub.Core.Inbound;

/// <summary>What <see cref="InboundReader"/> found in a mail.</summary>
/// <param name="Findings">At least one; several where a mail reports on several recipients.</param>
public sealed record InboundMail(IReadOnlyList<InboundFinding> Findings)
{
    /// <summary>The mail's own Message-ID without brackets; null where it has none.</summary>
    public string? MessageId { get; init; }

    /// <summary>Local parts that may be return paths of ours, the most trustworthy place first. Only <see cref="ReturnPath"/>'s MAC says which are.</summary>
    public IReadOnlyList<string> ReturnPaths { get; init; } = [];

    /// <summary>Message-IDs, without brackets, of the message that came back or is answered.</summary>
    public IReadOnlyList<string> About { get; init; } = [];

    /// <summary>The gravest of the findings' classes.</summary>
    public InboundClass Class => Findings.MinBy(f => Array.IndexOf(s_gravity, f.Class))!.Class;

    /// <summary>
    /// What it says of the person who was mailed at an address: by that address, or else, where it names others alone (mail
    /// that was forwarded, a list), the mildest that it says.
    /// </summary>
    public InboundFinding Of(string? address) =>
        Findings.FirstOrDefault(f => address is not null && string.Equals(f.Recipient, address, StringComparison.OrdinalIgnoreCase))
        ?? Findings.MaxBy(f => Array.IndexOf(s_gravity, f.Class))!;

    private static readonly InboundClass[] s_gravity =
    [
        InboundClass.Complaint, InboundClass.Unsubscribe, InboundClass.Hard, InboundClass.Full, InboundClass.Policy, InboundClass.Soft,
        InboundClass.Reply, InboundClass.AutoReply, InboundClass.Other,
    ];
}

/// <summary>What a mail says of one recipient.</summary>
/// <param name="Class">What it means.</param>
/// <param name="Rule">The name of the rule that decided.</param>
public sealed record InboundFinding(InboundClass Class, string Rule)
{
    /// <summary>Most characters that are kept of what a server said.</summary>
    public const int MaxDiagnostic = 512;

    /// <summary>False where more attempts follow: nothing is decided yet.</summary>
    public bool IsFinal { get; init; } = true;

    /// <summary>Whom the mail was to, as the report spells it; null where it doesn't say.</summary>
    public string? Recipient { get; init; }

    /// <summary>The enhanced status code (RFC 3463); null where there is none.</summary>
    public EnhancedCode? Code { get; init; }

    /// <summary>What the other side said: one line, without control characters and names before an @, at most <see cref="MaxDiagnostic"/> characters.</summary>
    public string? Diagnostic { get; init; }
}
