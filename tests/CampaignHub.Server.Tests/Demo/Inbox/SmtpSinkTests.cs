using System.Text;
using CampaignHub.Server.Demo.Inbox;
using CsCheck;
using NodaTime;
using NodaTime.Testing;

namespace CampaignHub.Server.Tests.Demo.Inbox;

public sealed class SmtpSinkTests : IAsyncLifetime
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 27, 9, 0);
    private readonly SmtpSink sink = SmtpSink.Start(new SmtpSinkOptions { Clock = new FakeClock(Now), MaxMessageBytes = 100_000 });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await sink.DisposeAsync();

    [Fact]
    public async Task Keeps_a_message_with_its_envelope_and_business_time()
    {
        using var client = await SinkClient.ConnectAsync(sink.Port);
        await client.BeginDataAsync("Ann@Example.com");
        (await client.AskAsync("Subject: x\r\nMESSAGE-ID:\r\n <a@b.example>\r\n\r\n..dot\r\n.")).ShouldStartWith("250");

        var message = sink.Messages.ShouldHaveSingleItem();
        message.MessageId.ShouldBe("a@b.example");
        message.From.ShouldBe("shop@example.com");
        message.Recipients.ShouldBe(["Ann@Example.com"]);
        message.ReceivedAt.ShouldBe(Now);
        Encoding.ASCII.GetString(message.ReadSource()).ShouldEndWith("\r\n\r\n.dot\r\n");
    }

    [Fact]
    public async Task Answers_pipelined_commands_in_order()
    {
        using var client = await SinkClient.ConnectAsync(sink.Port);
        await client.ReplyAsync();
        await client.SendAsync("EHLO a.example\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.com>\r\nRSET\r\nDATA\r\nQUIT\r\n");

        var replies = new List<string>();
        for (var i = 0; i < 6; i++)
            replies.Add((await client.ReplyAsync())[..3]);
        replies.ShouldBe(["250", "250", "250", "250", "503", "221"]);
        (await client.ReplyAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a\n.\nb\r\n.\r\n", "a\n.\nb\r\n")]
    [InlineData("a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n")]
    [InlineData("a\r.\rb\r\n.\r\n", "a\r.\rb\r\n")]
    [InlineData(".\r\n", "")]
    [InlineData("...\r\n.\r\n", "..\r\n")]
    [InlineData("\r\r\n.\r\n", "\r\r\n")]
    public async Task Only_a_dot_between_true_line_ends_ends_a_message(string wire, string expected)
    {
        using var client = await SinkClient.ConnectAsync(sink.Port);
        await client.BeginDataAsync();
        await client.SendAsync(wire);
        (await client.ReplyAsync()).ShouldStartWith("250");

        Encoding.ASCII.GetString(sink.Messages.Single().ReadSource()).ShouldBe(expected);
    }

    [Fact]
    public void Any_text_survives_stuffing_and_unstuffing_however_it_is_cut() =>
        Gen.Select(Gen.Char[".\r\nx"].Array[0, 60], Gen.Int[1, 9]).Sample((chars, piece) =>
        {
            var text = new string(chars).Replace("\r\n", "\n").Replace('\r', ' ').Replace("\n", "\r\n") + "\r\n";
            var wire = Encoding.ASCII.GetBytes((text.StartsWith('.') ? "." : "") + text.Replace("\r\n.", "\r\n..") + ".\r\n");
            var body = new SinkBody(1_000);
            var reader = System.IO.Pipelines.PipeReader.Create(new MemoryStream(wire), new(bufferSize: piece));
            body.ReadAsync(reader, long.MaxValue, CancellationToken.None).AsTask().GetAwaiter().GetResult().ShouldBeTrue();
            Encoding.ASCII.GetString(body.ToArray()).ShouldBe(text);
        });

    [Fact]
    public async Task A_message_beyond_the_limit_is_refused_and_the_session_goes_on()
    {
        using var client = await SinkClient.ConnectAsync(sink.Port);
        await client.BeginDataAsync();
        (await client.AskAsync(new string('x', 100_001) + "\r\n.")).ShouldStartWith("552");
        (await client.AskAsync("MAIL FROM:<a@example.com> SIZE=100001")).ShouldStartWith("552");
        (await client.AskAsync("NOOP")).ShouldStartWith("250");
        sink.MessageCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_command_line_without_end_closes_the_connection()
    {
        using var client = await SinkClient.ConnectAsync(sink.Port);
        await client.ReplyAsync();
        await client.SendAsync(new string('x', 20_000));
        (await client.ReplyAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_script_answers_by_recipient()
    {
        sink.Behaviour.OnRecipient = r => r.StartsWith("bounce", StringComparison.Ordinal) ? SinkReply.Of(550, "5.1.1 no such user") : null;
        using var client = await SinkClient.ConnectAsync(sink.Port);
        await client.ReplyAsync();
        await client.AskAsync("EHLO a.example");
        await client.AskAsync("MAIL FROM:<>");
        (await client.AskAsync("RCPT TO:<bounce@example.com>")).ShouldBe("550 5.1.1 no such user");
        (await client.AskAsync("RCPT TO:<\"a>b\"@example.com>")).ShouldStartWith("250");
    }

    [Fact]
    public async Task Accepting_and_dropping_keeps_the_message()
    {
        sink.Behaviour.OnMessage = _ => SinkReply.DropUnanswered;
        using var client = await SinkClient.ConnectAsync(sink.Port);
        await client.BeginDataAsync();
        (await client.AskAsync("Subject: x\r\n\r\n.")).ShouldBeEmpty();
        (await sink.WaitForAsync(1, CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_body_fault_drops_at_its_byte()
    {
        sink.Behaviour.OnBody = _ => new SinkBodyFault(10, Drop: true);
        using var client = await SinkClient.ConnectAsync(sink.Port);
        await client.BeginDataAsync();
        (await client.AskAsync(new string('x', 50) + "\r\n.")).ShouldBeEmpty();
        sink.MessageCount.ShouldBe(0);
    }

    [Fact]
    public async Task Readers_get_old_and_new_messages_and_end_with_the_sink()
    {
        var reading = Task.Run(async () =>
        {
            var seen = 0;
            await foreach (var _ in sink.ReadAllAsync(CancellationToken.None))
                seen++;
            return seen;
        });
        for (var i = 0; i < 3; i++)
        {
            using var client = await SinkClient.ConnectAsync(sink.Port);
            await client.BeginDataAsync();
            await client.AskAsync("x\r\n.");
        }
        await sink.DisposeAsync();
        (await reading).ShouldBe(3);
        sink.Connections.ShouldBe(3);
    }

    [Fact]
    public async Task A_throwing_script_is_not_swallowed()
    {
        await using var other = SmtpSink.Start(new SmtpSinkOptions { Clock = new FakeClock(Now) });
        other.Behaviour.OnEhlo = _ => throw new ArithmeticException();
        using var client = await SinkClient.ConnectAsync(other.Port);
        await client.ReplyAsync();
        (await client.AskAsync("EHLO a.example")).ShouldBeEmpty();
        (await Should.ThrowAsync<InvalidOperationException>(async () => await other.DisposeAsync()))
            .InnerException.ShouldBeOfType<ArithmeticException>();
    }
}
