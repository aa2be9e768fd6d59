using System.Text.RegularExpressions;
using CampaignHub.Core.Sending;

namespace CampaignHub.Core.Inbound;

using Is = InboundClass;

/// <summary>
/// The one table that says what a report on one recipient means. Rows are tried from the top, the first that matches
/// decides. A person is suppressed by a hard bounce, so whatever speaks against one stands above it.
/// </summary>
internal static partial class BounceRules
{
    private static readonly Row[] s_rows =
    [
        // Reports of success, and of what isn't over.
        new("delivered", Is.Other, x => x.Action is "delivered" or "relayed" or "expanded" or "deliverable" || x is { Action: "", Status.Class: 2 }),
        new("delayed_full", Is.Full, x => GoesOn(x) && BounceTexts.SaysFull(x.Text)),
        new("delayed", Is.Soft, GoesOn),

        // Not the mail server's word on the address.
        new("receipt_rule_full", Is.Full, x => x.IsReceiptRule && BounceTexts.SaysFull(x.Text)),
        new("receipt_rule", Is.Soft, x => x.IsReceiptRule),
        new("local_program_full", Is.Full, x => x.IsLocalProgram && BounceTexts.SaysFull(x.Text)),
        new("local_program", Is.Soft, x => x.IsLocalProgram),
        new("empty_address", Is.Soft, x => EmptyAddress().IsMatch(x.Text)),

        // The report contradicts itself where it tells people of a full mailbox and machines of an unknown one.
        new("told_full", Is.Full, x => BounceTexts.SaysFull(x.Lead)),
        new("mailbox_full", Is.Full, x => x.Effective is { Subject: 2, Detail: 2 } || BounceTexts.SaysFull(x.Text)),

        // Us and our mail, not the address: whatever the code says.
        new("sender", Is.Policy, x => x.Effective is { Subject: 1, Detail: 7 or 8 } || BounceTexts.SaysSender(x.Text)),
        new("refused_at_mail", Is.Policy, x => x.At == RefusedAt.Mail),
        new("later", Is.Soft, x => BounceTexts.SaysLater(x.Text)),
        new("directory_block", Is.Hard, x => x.Effective is { Class: 5, Subject: 4, Detail: 1 } && x.Text.Contains("recipient address rejected: access denied", StringComparison.OrdinalIgnoreCase)),
        new("policy", Is.Policy, x => x.Enhanced is { Subject: 7 } || BounceTexts.SaysPolicy(WithoutAddresses(x.Text))),

        // Of a mailbox that is switched off, only the recipient's server that refused it by name says that it is gone.
        new("disabled_unknown", Is.Hard, x => x is { Effective: { Class: 5, Subject: 2, Detail: 1 }, At: RefusedAt.Recipient } && BounceTexts.SaysUnknownUser(x.Text)),
        new("disabled", Is.Soft, x => x.Effective is { Subject: 2, Detail: 1 }),

        // The address doesn't exist, by code.
        new("unknown_user", Is.Hard, x => x.Effective is { Class: 5, Subject: 1, Detail: 1 or 3 or 6 or 351 }),
        new("unknown_host", Is.Hard, x => x.Effective is { Class: 5, Subject: 1, Detail: 2 or 10 } or { Class: 5, Subject: 4, Detail: 4 }),
        new("unknown_user_given_up", Is.Hard, x => x is { Action: "failed", Effective: { Class: 4, Subject: 1, Detail: 1 } } && BounceTexts.SaysUnknownUser(x.Text)),
        new("transient", Is.Soft, x => x.Effective is { Class: 4 } || x is { Effective: null, Code: < 500 }),

        // By text, where no code speaks against it. Who accepts the name and refuses the content filters.
        new("filtered", Is.Soft, x => x.At == RefusedAt.Data),
        new("untold_command", Is.Soft, x => x is { At: RefusedAt.Unknown, Enhanced: null } && SaidByHost().IsMatch(x.Text)),
        new("unknown_user_by_text", Is.Hard, x => IsOpen(x.Effective, x.Enhanced is null) && BounceTexts.SaysUnknownUser(x.Text)),
        new("unknown_host_by_text", Is.Hard, x => IsOpen(x.Effective, x.Enhanced is null) && BounceTexts.SaysUnknownHost(x.Text)),

        new("policy_by_status", Is.Policy, x => x.Effective is { Subject: 7 }),
        new("undelivered", Is.Soft, _ => true),
    ];

    /// <summary>Names of the rows, in their order.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(s_rows, row => row.Name);

    public static InboundFinding Decide(BounceEvidence evidence)
    {
        var row = Array.Find(s_rows, row => row.Matches(evidence))!; // the last row matches always
        return new InboundFinding(row.Class, row.Name)
        {
            Recipient = evidence.Recipient,
            IsFinal = !GoesOn(evidence),
            Code = evidence.Effective,
            Diagnostic = BounceEvidence.Bounded(evidence.Text),
        };
    }

    private static bool GoesOn(BounceEvidence x) => x.Action == "delayed" || x.Action != "failed" && BounceTexts.SaysItGoesOn(x.Text);

    /// <summary>Codes that say no more than that something is wrong; a reporter's own 5.7.1 is one where the other side gave none.</summary>
    private static bool IsOpen(EnhancedCode? code, bool isReportersOwn) => code is null or { Detail: 0 } or { Subject: 0 or 5 }
        || isReportersOwn && code is { Subject: 7, Detail: 1 };

    private static string WithoutAddresses(string text) => Addresses().Replace(text, "");

    /// <summary>Some providers refuse after DATA what a person's filter doesn't like, with an address that is empty.</summary>
    [GeneratedRegex(@"\b550:? : User unknown", RegexOptions.IgnoreCase)]
    private static partial Regex EmptyAddress();

    /// <summary>Postfix's words, which name the command that was refused; where that is cut off, nobody knows whether it was the name.</summary>
    [GeneratedRegex(@"\bhost [^\s\[]{1,253}\[[0-9a-fA-F.:]{3,45}\](?::\d{1,5})? said: \d{3}")]
    private static partial Regex SaidByHost();

    [GeneratedRegex(@"[^\s<>]{1,64}@[^\s<>]{1,253}")]
    private static partial Regex Addresses();

    private sealed record Row(string Name, InboundClass Class, Predicate<BounceEvidence> Matches);
}
