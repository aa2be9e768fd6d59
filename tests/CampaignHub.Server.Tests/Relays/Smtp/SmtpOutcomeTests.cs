using System.Text;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Relays.Smtp;

namespace CampaignHub.Server.Tests.Relays.Smtp;

/// <summary>The outcome table's rows, each from the dialogue that leads to it.</summary>
public sealed class SmtpOutcomeTests
{
    private const string Silent = "", Closes = "close";

    /// <summary>By PIPELINING or not, the step that goes wrong, its answer, and the row.</summary>
    public static TheoryData<bool, string, string, SmtpPhase, string> Dialogues
    {
        get
        {
            (string Step, string Answer, SmtpPhase Phase, string Rule)[] rows =
            [
                ("CONNECT", "421 4.3.2 busy\r\n", SmtpPhase.Banner, "service_unavailable"),
                ("CONNECT", "554 go away\r\n", SmtpPhase.Banner, "relay_refused"),
                ("CONNECT", Closes, SmtpPhase.Banner, "relay_unreachable"),
                ("CONNECT", Silent, SmtpPhase.Banner, "relay_unreachable"),
                ("EHLO", "421 4.3.2 bye\r\n", SmtpPhase.Ehlo, "service_unavailable"),
                ("EHLO", Closes, SmtpPhase.Ehlo, "relay_refused"),
                ("MAIL", "421 4.3.2 bye\r\n", SmtpPhase.MailFrom, "service_unavailable"),
                ("MAIL", "451 4.3.0 later\r\n", SmtpPhase.MailFrom, "sender_deferred"),
                ("MAIL", "553 5.1.8 not this sender\r\n", SmtpPhase.MailFrom, "sender_refused"),
                ("MAIL", "454 4.7.0 Throttling failure\r\n", SmtpPhase.MailFrom, "rate_limited"),
                ("MAIL", "530 5.7.0 log in\r\n", SmtpPhase.MailFrom, "login_refused"),
                ("MAIL", Closes, SmtpPhase.MailFrom, "connection_lost"),
                ("MAIL", Silent, SmtpPhase.MailFrom, "connection_lost"),
                ("MAIL", "HTTP/1.1 400 Bad Request\r\n", SmtpPhase.MailFrom, "unintelligible"),
                ("MAIL", "999 what\r\n", SmtpPhase.MailFrom, "unintelligible"),
                ("MAIL", "354 go on\r\n", SmtpPhase.MailFrom, "unintelligible"),
                ("RCPT", "421 4.3.2 bye\r\n", SmtpPhase.RcptTo, "service_unavailable"),
                ("RCPT", "450 4.2.0 greylisted\r\n", SmtpPhase.RcptTo, "recipient_deferred"),
                ("RCPT", "450 4.7.1 too many messages, slow down\r\n", SmtpPhase.RcptTo, "rate_limited"),
                ("RCPT", "550 5.4.5 daily quota\r\n", SmtpPhase.RcptTo, "quota_used_up"),
                ("RCPT", "550 5.1.1 no such user\r\n", SmtpPhase.RcptTo, "unknown_recipient"),
                ("RCPT", "550-5.1.1 no such user\r\n550 5.7.1 spam\r\n", SmtpPhase.RcptTo, "unknown_recipient"),
                ("RCPT", "550 User unknown\r\n", SmtpPhase.RcptTo, "unknown_recipient"),
                ("RCPT", "554 5.5.0 no\r\n", SmtpPhase.RcptTo, "recipient_refused"),
                ("RCPT", "552 5.2.2 full\r\n", SmtpPhase.RcptTo, "mailbox_full"),
                ("RCPT", "550 5.7.1 policy\r\n", SmtpPhase.RcptTo, "policy"),
                ("RCPT", "550 5.7.1 \0\x1b\xff\r\n", SmtpPhase.RcptTo, "policy"),
                ("RCPT", Closes, SmtpPhase.RcptTo, "connection_lost"),
                ("DATA", "421 4.3.2 bye\r\n", SmtpPhase.Data, "service_unavailable"),
                ("DATA", "451 4.3.0 later\r\n", SmtpPhase.Data, "message_deferred"),
                ("DATA", "554 5.6.0 no\r\n", SmtpPhase.Data, "message_refused"),
                ("DATA", "250 what\r\n", SmtpPhase.Data, "unintelligible"),
                (".", "250 2.0.0 kept\r\n", SmtpPhase.AfterDot, "accepted"),
                (".", "251 forwarded\r\n", SmtpPhase.AfterDot, "accepted"),
                (".", "421 4.3.2 bye\r\n", SmtpPhase.AfterDot, "message_deferred"),
                (".", "451 4.3.0 later\r\n", SmtpPhase.AfterDot, "message_deferred"),
                (".", "552 5.3.4 too large\r\n", SmtpPhase.AfterDot, "mailbox_full"),
                (".", "554 5.7.9 spam\r\n", SmtpPhase.AfterDot, "policy"),
                (".", "554 5.6.0 no\r\n", SmtpPhase.AfterDot, "message_refused"),
                (".", "354 go on\r\n", SmtpPhase.AfterDot, "lost_after_dot"),
                (".", "OK\r\n", SmtpPhase.AfterDot, "lost_after_dot"),
                (".", "250 2.0.0 ke", SmtpPhase.AfterDot, "lost_after_dot"),
                (".", Closes, SmtpPhase.AfterDot, "lost_after_dot"),
                (".", Silent, SmtpPhase.AfterDot, "lost_after_dot"),
            ];
            var data = new TheoryData<bool, string, string, SmtpPhase, string>();
            foreach (var row in rows)
            {
                data.Add(true, row.Step, row.Answer, row.Phase, row.Rule);
                data.Add(false, row.Step, row.Answer, row.Phase, row.Rule);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task A_dialogue_meets_its_row(bool pipelining, string step, string answer, SmtpPhase phase, string rule)
    {
        var silent = false;
        await using var relay = new ScriptedRelay(line =>
        {
            if (silent || !Sane.Begins(line, step))
                return silent ? Silent : Sane.Answer(line, pipelining);
            silent = answer is Silent;
            return answer == Closes ? null : answer;
        });

        var result = await Sane.SendAsync(relay.Settings, PatienceWith(step, answer));

        result.Phase.ShouldBe(phase);
        DeliveryOutcome.Decide(result.Exchange).Rule.ShouldBe(rule);
        result.Text.Length.ShouldBeInRange(1, 512);
        result.Text.ShouldAllBe(c => !char.IsControl(c));
    }

    [Theory]
    [InlineData("MAIL", true)]
    [InlineData("RCPT", true)]
    [InlineData("DATA", true)]
    [InlineData("RCPT", false)]
    public async Task After_a_refusal_the_connection_serves_the_next_message(string step, bool pipelining)
    {
        var refused = false;
        await using var relay = new ScriptedRelay(line => Sane.Begins(line, step) && !refused && (refused = true) ? "550 5.5.0 no\r\n" : Sane.Answer(line, pipelining));
        using var connection = await Relay.OpenAsync(relay.Settings);

        (await connection.SendAsync()).Code.ShouldBe(550);
        connection.IsUsable.ShouldBe(step != "MAIL" || !pipelining); // DATA was let through: ended without a dot, see below
        if (connection.IsUsable)
            (await connection.SendAsync()).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task Data_let_through_without_a_recipient_ends_empty_and_delivers_nothing()
    {
        await using var relay = new ScriptedRelay(line => Sane.Begins(line, "RCPT") ? "550 5.1.1 no\r\n" : line == "." ? "554 no valid recipients\r\n" : Sane.Answer(line, true));
        using var connection = await Relay.OpenAsync(relay.Settings);

        (await connection.SendAsync()).ShouldBeReply(SmtpPhase.RcptTo, 550, "5.1.1", "5.1.1 no");

        relay.Messages.ShouldBe([""]);
        connection.IsUsable.ShouldBeTrue();
    }

    [Fact]
    public async Task Data_let_through_for_a_refused_sender_is_never_ended()
    {
        await using var relay = new ScriptedRelay(line => Sane.Begins(line, "MAIL") ? "550 5.1.8 no\r\n" : Sane.Answer(line, true));
        using var connection = await Relay.OpenAsync(relay.Settings);

        (await connection.SendAsync()).ShouldBeReply(SmtpPhase.MailFrom, 550, "5.1.8", "5.1.8 no");

        relay.Commands.ShouldNotContain(".");
        connection.IsUsable.ShouldBeFalse();
    }

    [Theory]
    [InlineData("RCPT", "550 5.1.1 no ", "unknown_recipient")]
    [InlineData(".", "250 2.0.0 yes ", "accepted")]
    [InlineData("MAIL", "250 2.1.0 yes ", "unintelligible")]
    [InlineData("RCPT", "no code ", "unintelligible")]
    public async Task A_reply_without_an_end_is_classified_by_what_came_of_it(string step, string beginning, string rule)
    {
        var endless = beginning + new string('x', 1_000_000);
        await using var relay = new ScriptedRelay(line => Sane.Begins(line, step) ? endless : Sane.Answer(line, true));
        using var connection = await Relay.OpenAsync(relay.Settings);

        var result = await connection.SendAsync();

        DeliveryOutcome.Decide(result.Exchange).Rule.ShouldBe(rule);
        result.Text.Length.ShouldBeLessThanOrEqualTo(512);
        connection.IsUsable.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Leave_refused_before_data_sends_no_data_and_keeps_the_connection(bool pipelining)
    {
        await using var relay = new ScriptedRelay(line => Sane.Answer(line, pipelining));
        using var connection = await Relay.OpenAsync(relay.Settings);

        var result = await SendAsync(connection, new SendingLeave { MayBeginData = () => ValueTask.FromResult(false) });

        DeliveryOutcome.Decide(result.Exchange).ShouldSatisfyAllConditions(
            verdict => verdict.Rule.ShouldBe("withdrawn"), verdict => verdict.CountsAttempt.ShouldBeFalse(), verdict => verdict.Transition.ShouldBe(DeliveryTransition.Defer));
        relay.Commands.ShouldNotContain("DATA");
        (await connection.SendAsync()).Accepted.ShouldBeTrue();
        relay.Messages.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_000_000)]
    public async Task Leave_refused_before_the_final_dot_closes_without_it(int size)
    {
        await using var sink = SmtpSink.Start(Relay.Options);
        using var connection = await Relay.OpenAsync(Relay.At(sink));
        var mail = Relay.Mail.Concat(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("text\r\n", size / 6)))).ToArray();

        var result = await connection.SendAsync(mail, "shop@example.com", "ann@example.com", new SendingLeave { MayFinish = () => false }, CancellationToken.None);

        (result.Phase, result.Failure).ShouldBe((SmtpPhase.Body, SmtpFailure.Withdrawn));
        DeliveryOutcome.Decide(result.Exchange).Rule.ShouldBe("withdrawn");
        connection.IsUsable.ShouldBeFalse();
        await Eventually.Async(() => Task.FromResult(sink.OpenConnections == 0), "the connection is closed");
        sink.MessageCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_local_part_beyond_ascii_is_rejected_without_smtputf8()
    {
        await using var relay = new ScriptedRelay(line => Sane.Answer(line, true));
        using var connection = await Relay.OpenAsync(relay.Settings);

        var verdict = DeliveryOutcome.Decide((await connection.SendAsync("安@example.com")).Exchange);

        (verdict.Rule, verdict.Action, verdict.Suppress).ShouldBe(("smtputf8_not_offered", DeliveryAction.Rejected, false));
        relay.Commands.ShouldNotContain(line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1", false, true, "is valid only from 2020-01-01 00:00 to 2021-01-01 00:00 UTC")]
    [InlineData("127.0.0.1", true, false, "leads to no trusted root")]
    [InlineData("other.example", true, true, "the certificate is for other.example, not for 127.0.0.1")]
    public async Task A_wrong_certificate_pauses_the_relay_with_the_exact_reason(string name, bool current, bool trusted, string reason)
    {
        using var certificate = Relay.Certificate(name, expired: !current);
        await using var sink = SmtpSink.Start(Relay.Options with { Certificate = certificate });
        var settings = Relay.At(sink) with { Tls = RelayTls.StartTls };

        var failure = await Relay.FailAsync(trusted ? settings with { TrustedRoots = [certificate] } : settings);

        failure.Text.ShouldContain(reason);
        DeliveryOutcome.Decide(failure.Exchange).Rule.ShouldBe("tls_invalid");
    }

    [Theory]
    [InlineData("534 5.7.9 too weak")]
    [InlineData("535 5.7.8 wrong")]
    [InlineData("538 5.7.11 encrypt")]
    public async Task A_refused_login_pauses_the_relay(string answer)
    {
        await using var relay = new ScriptedRelay(line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-relay.example\r\n250 AUTH PLAIN LOGIN\r\n" : Sane.Begins(line, "AUTH") ? $"{answer}\r\n" : Sane.Answer(line, true));

        var failure = await Relay.FailAsync(relay.Settings with { Username = "u", Password = "p" });

        failure.Phase.ShouldBe(SmtpPhase.Auth);
        DeliveryOutcome.Decide(failure.Exchange).Rule.ShouldBe("login_refused");
        relay.Commands.Count(line => Sane.Begins(line, "AUTH")).ShouldBe(1);
    }

    [Theory]
    [InlineData("AUTH SCRAM-SHA-256 CRAM-MD5 PLAIN", "334 !!!not base64\r\n", "AUTH SCRAM-SHA-256")]
    [InlineData("AUTH CRAM-MD5 LOGIN", "235 ok\r\n", "AUTH CRAM-MD5")]
    [InlineData("AUTH=LOGIN", "334 VXNlcm5hbWU6\r\n", "AUTH LOGIN")]
    public async Task The_strongest_login_that_both_know_is_tried_first_and_a_hostile_one_ends_it(string offer, string answer, string command)
    {
        await using var relay = new ScriptedRelay(line => line.StartsWith("EHLO", StringComparison.Ordinal) ? $"250-relay.example\r\n250 {offer}\r\n" : line == "QUIT" || line == "CONNECT" ? Sane.Answer(line, false) : answer);

        var (connection, failure) = await SmtpConnection.OpenAsync(relay.Settings with { Username = "u", Password = "p" }, Relay.Guard, new(), CancellationToken.None);

        connection?.Dispose();
        (failure is null).ShouldBe(answer.StartsWith("235", StringComparison.Ordinal));
        relay.Commands.First(line => Sane.Begins(line, "AUTH")).ShouldStartWith(command);
    }

    [Fact]
    public async Task A_login_for_which_the_server_keeps_no_secret_falls_back_to_the_password_once()
    {
        await using var relay = new ScriptedRelay(line => line.StartsWith("EHLO", StringComparison.Ordinal) ? "250-relay.example\r\n250 AUTH SCRAM-SHA-1 PLAIN LOGIN\r\n"
            : Sane.Begins(line, "AUTH SCRAM") ? "504 5.5.4 no\r\n" : Sane.Begins(line, "AUTH PLAIN") ? "235 ok\r\n" : Sane.Answer(line, true));

        using var connection = await Relay.OpenAsync(relay.Settings with { Username = "u", Password = "p" });

        (await connection.SendAsync()).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_refusal_in_mid_body_is_heard_before_the_dot()
    {
        await using var relay = new ScriptedRelay(line => line == "DATA" ? "354 go\r\n552 5.3.4 too large\r\n" : Sane.Answer(line, true));
        using var connection = await Relay.OpenAsync(relay.Settings);

        var result = await connection.SendAsync();

        result.ShouldBeReply(SmtpPhase.Body, 552, "5.3.4", "5.3.4 too large");
        relay.Messages.ShouldBeEmpty();
    }

    // Short only where the test waits for silence on purpose.
    private static SmtpTimeouts PatienceWith(string step, string answer) => (answer.EndsWith('\n') || answer == Closes, step) switch
    {
        (true, _) => new(),
        (_, "CONNECT") => new() { Connect = TimeSpan.FromMilliseconds(300) },
        (_, ".") => new() { FinalReply = TimeSpan.FromMilliseconds(300) },
        _ => new() { Command = TimeSpan.FromSeconds(3) },
    };

    private static Task<SmtpResult> SendAsync(SmtpConnection connection, SendingLeave leave) =>
        connection.SendAsync(Relay.Mail, "shop@example.com", "ann@example.com", leave, CancellationToken.None);

    /// <summary>What a server says when all goes well.</summary>
    private static class Sane
    {
        public static bool Begins(string line, string step) => step == "." ? line == "." : line.StartsWith(step, StringComparison.Ordinal);

        public static string Answer(string line, bool pipelining) => line.Split(' ')[0] switch
        {
            "CONNECT" => "220 relay.example ESMTP\r\n",
            "EHLO" => pipelining ? "250-relay.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n" : "250 relay.example\r\n",
            "DATA" => "354 go ahead\r\n",
            "QUIT" => "221 bye\r\n",
            _ => "250 2.0.0 ok\r\n",
        };

        public static async Task<SmtpResult> SendAsync(RelaySettings settings, SmtpTimeouts timeouts)
        {
            var (connection, failure) = await SmtpConnection.OpenAsync(settings, Relay.Guard, timeouts, CancellationToken.None);
            if (connection is null)
                return failure!;
            using (connection)
                return await connection.SendAsync();
        }
    }
}
