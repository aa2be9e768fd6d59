using System.Globalization;
using System.Text;
using CampaignHub.Core.Sending;
using CsCheck;

namespace CampaignHub.Core.Tests.Sending;

public sealed class DeliveryOutcomeTests
{
    private const string Accepted = "Accepted", Deferred = "Deferred", Rejected = "Rejected", Uncertain = "Uncertain";
    private const string Fault = "RelayFault", Slowed = "RelaySlowed", Paused = "RelayPaused", Campaign = "CampaignPaused";

    [Theory]
    [InlineData("AfterDot", "250 2.0.0 Ok: queued as 4F1", "accepted", Accepted)]
    [InlineData("AfterDot", "251 forwarded", "accepted", Accepted)]
    [InlineData("AfterDot", "354 go on", "lost_after_dot", Uncertain)]
    [InlineData("AfterDot", "???", "lost_after_dot", Uncertain)]
    [InlineData("RcptTo", "421 4.3.2 shutting down", "service_unavailable", Fault)]
    [InlineData("AfterDot", "421 4.3.2 shutting down", "message_deferred", Deferred)]
    [InlineData("AfterDot", "454 Throttling failure: Maximum sending rate exceeded.", "rate_limited", Slowed)]
    [InlineData("RcptTo", "454 4.7.0 rate limit, try later", "rate_limited", Slowed)]
    [InlineData("RcptTo", "550 5.4.5 Daily user sending limit exceeded", "rate_limited", Slowed)]
    [InlineData("RcptTo", "450 4.2.1 The user is receiving mail at a rate that is too fast", "recipient_deferred", Deferred)]
    [InlineData("MailFrom", "530 5.7.0 Authentication required", "login_refused", Paused)]
    [InlineData("Auth", "535 5.7.8 bad credentials", "login_refused", Paused)]
    [InlineData("StartTls", "502 not implemented", "starttls_refused", Paused)]
    [InlineData("StartTls", "454 4.7.0 TLS not available", "relay_refused", Fault)]
    [InlineData("Banner", "554 no service", "relay_refused", Fault)]
    [InlineData("Ehlo", "500 what", "relay_refused", Fault)]
    [InlineData("MailFrom", "451 4.3.0 try again", "sender_deferred", Fault)]
    [InlineData("MailFrom", "553 5.1.8 sender refused", "sender_refused", Campaign)]
    [InlineData("RcptTo", "552 5.2.2 mailbox full", "mailbox_full", Deferred)]
    [InlineData("RcptTo", "550 mailbox is full", "mailbox_full", Deferred)]
    [InlineData("AfterDot", "552 5.3.4 message too large", "mailbox_full", Deferred)]
    [InlineData("RcptTo", "550 5.7.1 blocked", "policy", Rejected)]
    [InlineData("AfterDot", "554 5.7.9 looks like spam", "policy", Rejected)]
    [InlineData("AfterDot", "554 This looks like spam", "policy", Rejected)]
    [InlineData("RcptTo", "550 5.1.1 no", "unknown_recipient", Rejected)]
    [InlineData("RcptTo", "550 5.1.10 no", "unknown_recipient", Rejected)]
    [InlineData("RcptTo", "550 5.2.1 mailbox disabled", "unknown_recipient", Rejected)]
    [InlineData("RcptTo", "550-5.1.1 first line\r\n550 5.7.1 spam", "unknown_recipient", Rejected)]
    [InlineData("RcptTo", "550 User unknown", "unknown_recipient", Rejected)]
    [InlineData("RcptTo", "450 4.2.0 greylisted", "recipient_deferred", Deferred)]
    [InlineData("RcptTo", "554 5.5.0 no", "recipient_refused", Rejected)]
    [InlineData("RcptTo", "550 5.5.0 User unknown", "recipient_refused", Rejected)]
    [InlineData("Data", "451 4.3.0 later", "message_deferred", Deferred)]
    [InlineData("AfterDot", "451 4.3.0 later", "message_deferred", Deferred)]
    [InlineData("Data", "554 5.5.1 no valid recipients", "message_refused", Rejected)]
    [InlineData("AfterDot", "554 5.6.0 no", "message_refused", Rejected)]
    [InlineData("AfterDot", "550 5.1.1 no", "message_refused", Rejected)]
    [InlineData("RcptTo", "250 2.1.5 Ok", "proceed", "Proceed")]
    [InlineData("Data", "354 go on", "proceed", "Proceed")]
    [InlineData("RcptTo", "no code at all", "unintelligible", Fault)]
    public void Replies_meet_their_row(string phase, string reply, string rule, string action)
    {
        var verdict = Decide(phase, reply);
        verdict.Rule.ShouldBe(rule);
        verdict.Action.ToString().ShouldBe(action);
    }

    [Theory]
    [InlineData("Connect", "Refused", "relay_unreachable", Fault)]
    [InlineData("Banner", "Timeout", "relay_unreachable", Fault)]
    [InlineData("Ehlo", "Reset", "relay_refused", Fault)]
    [InlineData("StartTls", "TlsNotOffered", "tls_not_offered", Paused)]
    [InlineData("Connect", "TlsInvalid", "tls_invalid", Paused)]
    [InlineData("MailFrom", "SmtpUtf8NotOffered", "smtputf8_not_offered", Rejected)]
    [InlineData("RcptTo", "Reset", "connection_lost", Fault)]
    [InlineData("Body", "Reset", "lost_in_body", Deferred)]
    [InlineData("AfterDot", "Reset", "lost_after_dot", Uncertain)]
    [InlineData("AfterDot", "Timeout", "lost_after_dot", Uncertain)]
    [InlineData("AfterDot", "Protocol", "lost_after_dot", Uncertain)]
    [InlineData("AfterDot", "Withdrawn", "lost_after_dot", Uncertain)]
    [InlineData("MailFrom", "Protocol", "unintelligible", Fault)]
    [InlineData("Auth", "Protocol", "relay_refused", Fault)]
    [InlineData("RcptTo", "Withdrawn", "withdrawn", "Withdrawn")]
    [InlineData("Body", "Withdrawn", "withdrawn", "Withdrawn")]
    public void Failures_meet_their_row(string phase, string failure, string rule, string action)
    {
        var verdict = DeliveryOutcome.Decide(new SmtpExchange(Enum.Parse<SmtpPhase>(phase), Enum.Parse<SmtpFailure>(failure)));
        verdict.Rule.ShouldBe(rule);
        verdict.Action.ToString().ShouldBe(action);
    }

    [Fact]
    public void Only_an_unknown_recipient_is_suppressed()
    {
        Decide("RcptTo", "550 5.1.1 no").Suppress.ShouldBeTrue();
        Decide("RcptTo", "550 5.7.1 no").Suppress.ShouldBeFalse();
        Decide("RcptTo", "552 5.2.2 full").Suppress.ShouldBeFalse();
    }

    [Fact]
    public void A_full_mailbox_is_rejected_when_retries_end_and_greylisting_expires()
    {
        Decide("RcptTo", "552 5.2.2 full").WhenExhausted.ShouldBe(DeliveryTransition.Reject);
        Decide("RcptTo", "450 4.7.1 greylisted").WhenExhausted.ShouldBe(DeliveryTransition.Expire);
    }

    [Fact]
    public void Every_exchange_has_one_answer_that_keeps_the_promises() =>
        Gen.Select(Gen.Enum<SmtpPhase>(), s_outcome).Sample((phase, outcome) =>
        {
            var exchange = outcome.Failure is { } failure ? new SmtpExchange(phase, failure) : new SmtpExchange(phase, SmtpReply.Parse(outcome.Reply));
            var verdict = DeliveryOutcome.Decide(exchange);
            DeliveryOutcome.Rules.Count(rule => rule == verdict.Rule).ShouldBe(1);
            DeliveryOutcome.Decide(exchange).ShouldBe(verdict);
            if (outcome.Failure == SmtpFailure.Withdrawn && phase < SmtpPhase.AfterDot)
                (verdict.CountsAttempt, verdict.Transition).ShouldBe((false, DeliveryTransition.Defer));
            if (verdict.Suppress)
                (phase, exchange.Reply!.IsPermanent).ShouldBe((SmtpPhase.RcptTo, true));
            if (verdict.Action is DeliveryAction.Accepted or DeliveryAction.Uncertain)
                phase.ShouldBe(SmtpPhase.AfterDot);
            if (phase < SmtpPhase.MailFrom && outcome.Failure != SmtpFailure.SmtpUtf8NotOffered)
                verdict.CountsAttempt.ShouldBeFalse();
            if (phase == SmtpPhase.AfterDot)
                verdict.Transition.ShouldNotBeNull();
            if (verdict.Transition is { } transition)
                DeliveryStateMachine.Next(DeliveryState.Sending, transition).ShouldNotBeNull();
        }, iter: 20_000);

    [Fact]
    public void Every_row_has_a_name_of_its_own() => DeliveryOutcome.Rules.ShouldBeUnique();

    [Fact]
    public void Every_row_is_met_by_some_exchange()
    {
        var met = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>();
        Gen.Select(Gen.Enum<SmtpPhase>(), s_outcome).Sample((phase, outcome) =>
        {
            var exchange = outcome.Failure is { } failure ? new SmtpExchange(phase, failure) : new SmtpExchange(phase, SmtpReply.Parse(outcome.Reply));
            met[DeliveryOutcome.Decide(exchange).Rule] = true;
        }, iter: 50_000);
        met.Keys.ShouldBe(DeliveryOutcome.Rules, ignoreOrder: true);
    }

    private static readonly string[] s_texts =
        ["", "User unknown", "mailbox is full", "Throttling failure", "looks like spam", "greylisted", "daily sending quota exceeded"];

    private static readonly Gen<string> s_text = Gen.OneOf(Gen.String[0, 30], Gen.Int[0, s_texts.Length - 1].Select(at => s_texts[at]));

    private static readonly Gen<string> s_enhanced = Gen.OneOf(
        Gen.Int[0, 0].Select(_ => ""),
        Gen.Select(Gen.Int[2, 5], Gen.Int[0, 8], Gen.Int[0, 12]).Select((type, subject, detail) => string.Create(CultureInfo.InvariantCulture, $"{type}.{subject}.{detail} ")));

    private static readonly Gen<int> s_code = Gen.OneOf(Gen.Int[100, 650], Gen.Int[0, 8].Select(at => new[] { 250, 354, 421, 450, 454, 530, 535, 550, 552 }[at]));

    private static readonly Gen<(SmtpFailure? Failure, byte[] Reply)> s_outcome = Gen.OneOf(
        Gen.Enum<SmtpFailure>().Select(failure => ((SmtpFailure?)failure, Array.Empty<byte>())),
        Gen.Byte.Array[0, 40].Select(raw => ((SmtpFailure?)null, raw)),
        Gen.Select(s_code, s_enhanced, s_text)
            .Select((code, enhanced, text) => ((SmtpFailure?)null, Encoding.UTF8.GetBytes(code.ToString(CultureInfo.InvariantCulture) + " " + enhanced + text))));

    private static DeliveryVerdict Decide(string phase, string reply) =>
        DeliveryOutcome.Decide(new SmtpExchange(Enum.Parse<SmtpPhase>(phase), SmtpReply.Parse(Encoding.UTF8.GetBytes(reply))));
}
