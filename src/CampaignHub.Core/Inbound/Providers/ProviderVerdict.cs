using CampaignHub.Core.Sending;

namespace CampaignHub.Core.Inbound.Providers;

/// <summary>A provider's own word for what became of a message.</summary>
internal enum ProviderWord
{
    /// <summary>The address takes no mail.</summary>
    Gone,

    /// <summary>Given up on, for no reason that lasts.</summary>
    Failed,

    /// <summary>Refused for what it is or where it comes from.</summary>
    Refused,

    /// <summary>The provider tries again.</summary>
    Deferred,
}

/// <summary>
/// Decides by the rules that bounces have (<see cref="BounceRules"/>) from what the other side said; the provider's own word
/// counts where that says nothing, and where it is the milder one.
/// </summary>
internal static class ProviderVerdict
{
    /// <param name="word">The provider's word.</param>
    /// <param name="status">The enhanced status code that the provider names.</param>
    /// <param name="said">What the other side said.</param>
    /// <param name="recipient">Whom the message was to.</param>
    public static InboundFinding Of(ProviderWord word, string? status, string? said, string? recipient)
    {
        var finding = BounceRules.Decide(BounceEvidence.Of(said ?? "") with
        {
            Recipient = recipient,
            Action = word == ProviderWord.Deferred ? "delayed" : "failed",
            Status = EnhancedCode.Parse(status?.Trim() ?? ""),
        });
        return (word, finding) switch
        {
            (ProviderWord.Gone, { Rule: "undelivered" }) => finding with { Class = InboundClass.Hard, Rule = "provider_gone" },
            (ProviderWord.Failed, { Class: InboundClass.Hard }) => finding with { Class = InboundClass.Soft, Rule = "provider_failed" },
            (ProviderWord.Refused, { Class: not InboundClass.Full }) => finding with { Class = InboundClass.Policy, Rule = "provider_refused" },
            _ => finding,
        };
    }

    /// <summary>The provider didn't try: the address is on its list of those that bounced before.</summary>
    public static InboundFinding Suppressed(string? recipient) => new(InboundClass.Hard, "provider_suppressed") { Recipient = recipient };

    /// <summary>The person wants no more mail.</summary>
    public static InboundFinding Unsubscribed(string? recipient) => new(InboundClass.Unsubscribe, "provider_unsubscribed") { Recipient = recipient };

    /// <summary>The sender's own people want no more mail to go there.</summary>
    public static InboundFinding SuppressedByHand(string? recipient) => new(InboundClass.Suppressed, "provider_manual") { Recipient = recipient };

    public static InboundFinding Complained(string? recipient, string? kind = null) =>
        new(InboundClass.Complaint, "provider_complaint") { Recipient = recipient, Diagnostic = BounceEvidence.Bounded(kind) };

    public static InboundFinding Answered(string? recipient) => new(InboundClass.AutoReply, "provider_answer") { Recipient = recipient };
}
