using System.Text;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Relays.Smtp;
using MimeKit;

namespace CampaignHub.Server.Tests.Relays.Smtp;

public sealed class SmtpConnectionTests : IAsyncLifetime
{
    private readonly SmtpSink sink = SmtpSink.Start(Relay.Options);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await sink.DisposeAsync();

    [Fact]
    public async Task Sends_finished_bytes_unchanged()
    {
        using var connection = await Relay.OpenAsync(Relay.At(sink));

        var result = await connection.SendAsync();

        result.ShouldBeReply(SmtpPhase.AfterDot, 250, "2.0.0", "2.0.0 Kept");
        sink.Messages.Single().ReadSource().ShouldBe(Relay.Mail);
        sink.Messages.Single().From.ShouldBe("shop@example.com");
    }

    [Fact]
    public async Task A_composed_message_reads_the_same_at_the_other_end()
    {
        using var connection = await Relay.OpenAsync(Relay.At(sink));
        var message = new MimeMessage { Subject = "Grüße, 你好" };
        message.From.Add(new MailboxAddress("Läden", "shop@example.com"));
        message.To.Add(new MailboxAddress("安", "ann@example.com"));
        message.Body = new BodyBuilder { TextBody = ".\r\nпривет\n", HtmlBody = "<p>" + new string('ä', 2_000) }.ToMessageBody();

        message.Prepare(EncodingConstraint.SevenBit);
        using var bytes = new MemoryStream();
        await message.WriteToAsync(bytes);

        (await connection.SendAsync(bytes.ToArray(), "", "ann@example.com", SendingLeave.Always, CancellationToken.None)).Accepted.ShouldBeTrue();

        var kept = sink.Messages.Single().Parse();
        kept.Subject.ShouldBe(message.Subject);
        kept.TextBody!.ReplaceLineEndings("\n").ShouldBe(message.TextBody!.ReplaceLineEndings("\n"));
        kept.HtmlBody!.TrimEnd().ShouldBe(message.HtmlBody);
        sink.Messages.Single().From.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bare_line_ends_cannot_smuggle_a_message()
    {
        using var connection = await Relay.OpenAsync(Relay.At(sink));
        var mail = Encoding.ASCII.GetBytes("Subject: x\n\na\n.\nMAIL FROM:<evil@example.com>\r.\rb");

        await connection.SendAsync(mail, "shop@example.com", "ann@example.com", SendingLeave.Always, CancellationToken.None);

        Encoding.ASCII.GetString(sink.Messages.Single().ReadSource())
            .ShouldBe("Subject: x\r\n\r\na\r\n.\r\nMAIL FROM:<evil@example.com>\r\n.\r\nb\r\n");
    }

    [Fact]
    public async Task A_refused_recipient_leaves_the_connection_in_use()
    {
        sink.Behaviour.OnRecipient = r => r.StartsWith("bounce", StringComparison.Ordinal) ? SinkReply.Of(550, "5.1.1 no such user") : null;
        using var connection = await Relay.OpenAsync(Relay.At(sink));

        var refused = await connection.SendAsync("bounce@example.com");
        refused.ShouldBeReply(SmtpPhase.RcptTo, 550, "5.1.1", "5.1.1 no such user");
        connection.IsUsable.ShouldBeTrue();
        (await connection.SendAsync()).Accepted.ShouldBeTrue();
        sink.Connections.ShouldBe(1);
        sink.CommandCount("RSET").ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_names_its_phase_pipelined_or_not(bool pipelining)
    {
        await using var relay = SmtpSink.Start(Relay.Options with { Extensions = pipelining ? ["PIPELINING"] : [] });
        using var connection = await Relay.OpenAsync(Relay.At(relay));
        relay.Behaviour.OnMailFrom = _ => SinkReply.Of(451, "4.3.0 later\nmuch later");
        (await connection.SendAsync()).ShouldBeReply(SmtpPhase.MailFrom, 451, "4.3.0", "4.3.0 later much later");
        relay.Behaviour.OnMailFrom = null;
        relay.Behaviour.OnData = _ => SinkReply.Of(554, "no");
        (await connection.SendAsync()).ShouldBeReply(SmtpPhase.Data, 554, null, "no");
        relay.Behaviour.OnData = null;
        relay.Behaviour.OnMessage = _ => SinkReply.Of(552, "5.2.2 full");
        (await connection.SendAsync()).ShouldBeReply(SmtpPhase.AfterDot, 552, "5.2.2", "5.2.2 full");
        relay.Behaviour.OnMessage = null;
        (await connection.SendAsync()).Accepted.ShouldBeTrue();
        relay.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Any_2xx_after_the_dot_is_a_yes()
    {
        sink.Behaviour.OnMessage = _ => SinkReply.Of(251, "forwarded");
        using var connection = await Relay.OpenAsync(Relay.At(sink));

        var result = await connection.SendAsync();

        (result.Accepted, result.Code, result.Failure).ShouldBe((true, 251, null));
    }

    [Fact]
    public async Task A_421_is_the_relays_refusal_and_ends_the_connection()
    {
        sink.Behaviour.OnRecipient = _ => new SinkReply(421, "4.7.0 too many") { Drop = SinkDrop.Answered };
        using var connection = await Relay.OpenAsync(Relay.At(sink));

        (await connection.SendAsync()).ShouldBeReply(SmtpPhase.RcptTo, 421, "4.7.0", "4.7.0 too many");
        connection.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_connection_lost_in_mid_body_was_lost_before_the_dot()
    {
        sink.Behaviour.OnBody = _ => new SinkBodyFault(1_000, Drop: true);
        using var connection = await Relay.OpenAsync(Relay.At(sink));
        var large = Relay.Mail.Concat(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("text text text\r\n", 400_000)))).ToArray();

        var result = await connection.SendAsync(large, "shop@example.com", "ann@example.com", SendingLeave.Always, CancellationToken.None);

        (result.Phase, result.Failure).ShouldBe((SmtpPhase.Body, SmtpFailure.Reset));
    }

    [Fact]
    public async Task A_body_that_the_server_stops_reading_times_out_before_the_dot()
    {
        sink.Behaviour.OnBody = _ => new SinkBodyFault(1_000, Drop: false);
        using var connection = await Relay.OpenAsync(Relay.At(sink), new SmtpTimeouts { Command = TimeSpan.FromSeconds(3) });
        var large = Relay.Mail.Concat(new byte[20_000_000].Select((_, i) => (byte)(i % 70 == 68 ? '\r' : i % 70 == 69 ? '\n' : 'x'))).ToArray();

        var result = await connection.SendAsync(large, "shop@example.com", "ann@example.com", SendingLeave.Always, CancellationToken.None);

        (result.Phase, result.Failure).ShouldBe((SmtpPhase.Body, SmtpFailure.Timeout));
    }

    [Fact]
    public async Task A_connection_lost_after_the_dot_says_so()
    {
        sink.Behaviour.OnMessage = _ => SinkReply.DropUnanswered;
        using var connection = await Relay.OpenAsync(Relay.At(sink));

        var result = await connection.SendAsync();

        (result.Accepted, result.Phase, result.Failure).ShouldBe((false, SmtpPhase.AfterDot, SmtpFailure.Reset));
        sink.MessageCount.ShouldBe(1);
        connection.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task Silence_after_the_dot_is_a_timeout_after_the_dot()
    {
        sink.Behaviour.OnMessage = _ => new SinkReply(250, "late") { Delay = TimeSpan.FromMinutes(1) };
        using var connection = await Relay.OpenAsync(Relay.At(sink), new SmtpTimeouts { FinalReply = TimeSpan.FromMilliseconds(200) });

        var result = await connection.SendAsync();

        (result.Accepted, result.Phase, result.Failure).ShouldBe((false, SmtpPhase.AfterDot, SmtpFailure.Timeout));
    }

    [Fact]
    public async Task A_refusal_stands_when_the_reset_after_it_is_never_answered()
    {
        sink.Behaviour.OnRecipient = _ => SinkReply.Of(550, "5.1.1 no");
        sink.Behaviour.OnReset = () => new SinkReply(250, "ok") { Delay = TimeSpan.FromMinutes(1) };
        using var connection = await Relay.OpenAsync(Relay.At(sink), new SmtpTimeouts { Command = TimeSpan.FromMilliseconds(300) });

        var result = await connection.SendAsync();

        (result.Phase, result.Code).ShouldBe((SmtpPhase.RcptTo, 550));
        connection.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task An_endless_reply_is_cut_and_read_by_its_first_line()
    {
        sink.Behaviour.OnMessage = _ => new SinkReply(250, "") { Raw = Encoding.Latin1.GetBytes("250 2.0.0 yes \0\xff" + new string('y', 1_000_000)) };
        using var connection = await Relay.OpenAsync(Relay.At(sink));

        var result = await connection.SendAsync();

        (result.Accepted, result.Code, result.EnhancedCode).ShouldBe((true, 250, "2.0.0"));
        result.Text.Length.ShouldBeLessThanOrEqualTo(512);
        result.Text.ShouldNotContain('\0');
        connection.IsUsable.ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_no_smtp_is_a_protocol_failure()
    {
        sink.Behaviour.OnMailFrom = _ => new SinkReply(250, "") { Raw = "HTTP/1.1 400 Bad Request\r\n"u8.ToArray() };
        using var connection = await Relay.OpenAsync(Relay.At(sink));

        var result = await connection.SendAsync();

        (result.Phase, result.Failure).ShouldBe((SmtpPhase.MailFrom, SmtpFailure.Protocol));
        result.Text.ShouldContain("HTTP/1.1");
    }

    [Theory]
    [InlineData("ann@bücher.example", true, null)]
    [InlineData("安@example.com", false, "5.6.7")]
    [InlineData("ann@example.com\r\nRCPT TO:<evil@example.com>", false, "5.1.3")]
    [InlineData("ann", false, "5.1.3")]
    [InlineData("", false, "5.1.3")]
    public async Task Addresses_are_fitted_to_a_relay_without_smtputf8(string to, bool accepted, string? code)
    {
        await using var relay = SmtpSink.Start(Relay.Options with { Extensions = ["PIPELINING", "8BITMIME"] });
        using var connection = await Relay.OpenAsync(Relay.At(relay));

        var result = await connection.SendAsync(to);

        result.Accepted.ShouldBe(accepted);
        if (accepted)
            relay.Messages.Single().Recipients.ShouldBe(["ann@xn--bcher-kva.example"]);
        else
            (result.Phase, result.Text.Split(' ')[0]).ShouldBe((SmtpPhase.RcptTo, code));
    }

    [Fact]
    public async Task Smtputf8_carries_a_local_part_beyond_ascii()
    {
        using var connection = await Relay.OpenAsync(Relay.At(sink));

        (await connection.SendAsync("安@example.com")).Accepted.ShouldBeTrue();
        sink.Messages.Single().Recipients.ShouldBe(["安@example.com"]);
    }

    [Fact]
    public async Task Cancelling_passes_through_and_closes()
    {
        using var cancelled = new CancellationTokenSource();
        sink.Behaviour.OnRecipient = _ =>
        {
            cancelled.Cancel();
            return new SinkReply(250, "late") { Delay = TimeSpan.FromMinutes(1) };
        };
        using var connection = await Relay.OpenAsync(Relay.At(sink));

        await Should.ThrowAsync<OperationCanceledException>(
            () => connection.SendAsync(Relay.Mail, "shop@example.com", "ann@example.com", SendingLeave.Always, cancelled.Token));
        connection.IsUsable.ShouldBeFalse();
    }
}
