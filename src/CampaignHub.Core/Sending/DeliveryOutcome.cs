namespace CampaignHub.Core.Sending;

using Act = DeliveryAction;

/// <summary>
/// The one table that turns what a relay did into what follows. Rows are tried from the top, the first that matches
/// decides; the special ones stand above the general ones.
/// </summary>
public static class DeliveryOutcome
{
    /// <summary>The row of refusals for policy or spam, which are counted against the campaign.</summary>
    public const string PolicyRule = "policy";

    /// <summary>The row of attempts that we took back: they say nothing of the relay or the person.</summary>
    public const string WithdrawnRule = "withdrawn";

    private static readonly Row[] s_rows =
    [
        // The answer to the final dot decides over everything else.
        new(new("accepted", Act.Accepted), x => x.Phase == SmtpPhase.AfterDot && x.Reply is { IsPositive: true }),
        new(new("lost_after_dot", Act.Uncertain), x => x.Phase == SmtpPhase.AfterDot && x.Reply is not { IsRefusal: true }),

        // Without its final dot a message is never accepted (RFC 5321 §4.1.1.4): nothing has happened, and nobody is at fault.
        new(new(WithdrawnRule, Act.Withdrawn), x => x.Failure == SmtpFailure.Withdrawn),

        // The address itself can't pass this relay.
        new(new("smtputf8_not_offered", Act.Rejected), x => x.Failure == SmtpFailure.SmtpUtf8NotOffered),

        // Not this person's fault: no attempt is spent.
        new(new("tls_not_offered", Act.RelayPaused), x => x.Failure == SmtpFailure.TlsNotOffered),
        new(new("tls_invalid", Act.RelayPaused), x => x.Failure == SmtpFailure.TlsInvalid),
        new(new("relay_unreachable", Act.RelayFault), x => x.Failure is not null && x.Phase <= SmtpPhase.Banner),
        new(new("service_unavailable", Act.RelayFault), x => x.Reply?.Code == 421 && x.Phase < SmtpPhase.AfterDot),
        new(new("quota_used_up", Act.RelayQuotaUsed), x => x.Reply is { IsRefusal: true } && SmtpReplyTexts.IsQuota(x.Reply)),
        new(new("rate_limited", Act.RelaySlowed), x => x.Reply is { IsRefusal: true } && SmtpReplyTexts.IsRateLimit(x.Reply)),
        new(new("login_refused", Act.RelayPaused), x => x.Reply?.Code is 530 or 534 or 535 or 538),
        new(new("starttls_refused", Act.RelayPaused), x => x is { Phase: SmtpPhase.StartTls, Reply.IsPermanent: true }),
        new(new("relay_refused", Act.RelayFault), x => x.Phase < SmtpPhase.MailFrom && (x.Failure is not null || x.Reply is { IsRefusal: true })),
        new(new("sender_deferred", Act.RelayFault), x => x is { Phase: SmtpPhase.MailFrom, Reply.IsTransient: true }),
        new(new("sender_refused", Act.CampaignPaused), x => x is { Phase: SmtpPhase.MailFrom, Reply.IsPermanent: true }),

        // From RCPT on the reply is about this person or this message.
        new(new("mailbox_full", Act.Deferred, WhenExhausted: DeliveryTransition.Reject), x => x.Phase >= SmtpPhase.RcptTo && SmtpReplyTexts.IsFull(x.Reply)),
        new(new(PolicyRule, Act.Rejected), x => x.Phase >= SmtpPhase.RcptTo && SmtpReplyTexts.IsPolicy(x.Reply)),
        new(new("unknown_recipient", Act.Rejected, Suppress: true), x => x.Phase == SmtpPhase.RcptTo && SmtpReplyTexts.IsUnknownRecipient(x.Reply)),
        new(new("recipient_deferred", Act.Deferred), x => x is { Phase: SmtpPhase.RcptTo, Reply.IsTransient: true }),
        new(new("recipient_refused", Act.Rejected), x => x is { Phase: SmtpPhase.RcptTo, Reply.IsPermanent: true }),
        new(new("message_deferred", Act.Deferred), x => x is { Phase: >= SmtpPhase.Data, Reply.IsTransient: true }),
        new(new("message_refused", Act.Rejected), x => x is { Phase: >= SmtpPhase.Data, Reply.IsPermanent: true }),

        // No final dot here either, so this is not uncertain.
        new(new("lost_in_body", Act.Deferred), x => x.Phase == SmtpPhase.Body && x.Failure is not null),
        new(new("connection_lost", Act.RelayFault), x => x.Failure is not (null or SmtpFailure.Protocol)),
        new(new("proceed", Act.Proceed), x => x.Reply is { IsPositive: true } or { IsIntermediate: true }),
        new(new("unintelligible", Act.RelayFault), _ => true),
    ];

    /// <summary>Names of the rows, in their order.</summary>
    public static IReadOnlyList<string> Rules { get; } = Array.ConvertAll(s_rows, row => row.Verdict.Rule);

    /// <summary>What follows from an exchange. Every exchange has exactly one answer.</summary>
    public static DeliveryVerdict Decide(SmtpExchange exchange) =>
        Array.Find(s_rows, row => row.Matches(exchange))!.Verdict; // the last row matches always

    private sealed record Row(DeliveryVerdict Verdict, Predicate<SmtpExchange> Matches);
}
