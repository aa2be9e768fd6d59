using System.Text;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Relays.Smtp;
using CsCheck;

namespace CampaignHub.Server.Tests.Relays.Smtp;

/// <summary>What arrives is what was sent, whatever its lines look like; the sink takes the dots out again one byte at a time.</summary>
public sealed class DotStuffingTests : IAsyncLifetime
{
    private static readonly string[] Short = [".", "..", "", ".\r", "\r", "\n", ".\n.", "a.", "\r\n.\r\n", "\r\n.", "QUIT"];

    // Long runs reach over the borders of what is gathered (32 KB) and of what is written at once (64 KB).
    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.Int[0, Short.Length - 1].Select(at => Short[at]),
        Gen.Int[990, 1_010].Select(length => new string('x', length)),
        Gen.Int[32_760, 32_775].Select(length => new string('y', length)),
        Gen.Int[65_530, 65_545].Select(length => "." + new string('z', length)));

    private static readonly Gen<string> Body = Line.Array[0, 12].Select(lines => string.Join("\r\n", lines));

    private readonly SmtpSink sink = SmtpSink.Start(Relay.Options);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await sink.DisposeAsync();

    [Fact]
    public async Task A_hostile_body_arrives_as_it_is_and_alone()
    {
        using var connection = await Relay.OpenAsync(Relay.At(sink));
        var sent = 0;

        await Body.SampleAsync(async body =>
        {
            var result = await connection.SendAsync(Encoding.ASCII.GetBytes(body), "shop@example.com", "ann@example.com", SendingLeave.Always, CancellationToken.None);
            result.Accepted.ShouldBeTrue(result.Text);
            sink.MessageCount.ShouldBe(++sent);
            Encoding.ASCII.GetString(sink.Messages[^1].ReadSource()).ShouldBe(Naive(body));
        }, iter: 150, threads: 1);
        sink.Connections.ShouldBe(1);
    }

    // Every line end, whichever it is, as CR LF, the last one too.
    private static string Naive(string text)
    {
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return (lines.Length == 0 || lines.EndsWith('\n') ? lines : lines + "\n").Replace("\n", "\r\n", StringComparison.Ordinal);
    }
}
