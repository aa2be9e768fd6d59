using System.Text;
using CampaignHub.Server.Demo.Inbox;
using NodaTime;
using NodaTime.Testing;

namespace CampaignHub.Server.Tests.Demo.Inbox;

public sealed class SinkSpoolTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 27, 9, 0);
    private readonly string folder = Directory.CreateTempSubdirectory("sink").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_was_answered_is_on_the_ledger_and_can_be_read_from_the_spool()
    {
        await using var sink = Start();
        var senders = Enumerable.Range(0, 20).Select(async i =>
        {
            using var client = await SinkClient.ConnectAsync(sink.Port);
            await client.BeginDataAsync($"p{i}@example.com");
            (await client.AskAsync($"Message-ID: <m{i}@shop.example>\r\n\r\nbody {i}\r\n.")).ShouldStartWith("250");
            SinkLedger.Read(folder).ShouldContain(line => line.Recipient == $"p{i}@example.com");
        });
        await Task.WhenAll(senders);

        SinkLedger.Read(folder).Select(line => line.MessageId).Order().ShouldBe(sink.Messages.Select(m => m.MessageId).Order());
        SinkLedger.Read(folder).ShouldAllBe(line => line.ReceivedAt == Now);
        foreach (var message in sink.Messages)
            Encoding.ASCII.GetString(message.ReadSource()).ShouldContain("body " + message.MessageId!.Split('@')[0][1..] + "\r\n");
    }

    [Fact]
    public async Task A_torn_line_costs_neither_the_line_before_nor_the_one_after()
    {
        await SendOneAsync("before");
        await File.AppendAllTextAsync(Path.Combine(folder, "ledger.tsv"), "2026-11-27T09:00:00Z\t7\t1");
        SinkLedger.Read(folder).Single().Recipient.ShouldBe("before@example.com");
        await SendOneAsync("after");
        SinkLedger.Read(folder).Select(line => line.Recipient).ShouldBe(["before@example.com", "after@example.com"]);
    }

    private async Task SendOneAsync(string name)
    {
        await using var sink = Start();
        using var client = await SinkClient.ConnectAsync(sink.Port);
        await client.BeginDataAsync($"{name}@example.com");
        await client.AskAsync("x\r\n.");
    }

    private SmtpSink Start() => SmtpSink.Start(new SmtpSinkOptions { Clock = new FakeClock(Now), Folder = folder });
}
