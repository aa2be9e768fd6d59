using System.Security.Cryptography;
using CampaignHub.Core.Sending.Composing;
using CampaignHub.Core.Sending.Composing.Mime;
using CampaignHub.Core.Sending.Signing;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Sending;

namespace CampaignHub.Benchmarks;

/// <summary>What making one message costs, on one thread: ours beside MimeKit's, from the same strings, in the same run.</summary>
internal static class ComposeBenchmark
{
    private const int Rounds = 7;
    private static readonly ComposeCampaign Campaign = new();
    private static readonly ClaimedDelivery[] Deliveries = [.. Enumerable.Range(0, 256).Select(ComposeCampaign.Delivery)];

    public static int Run(int messages)
    {
        var contents = Array.ConvertAll(Deliveries, Render);
        var writer = new MessageWriter(ComposeCampaign.From, ComposeCampaign.ReplyTo);
        Console.WriteLine($"{ComposeWithMimeKit.Compose(Deliveries[0], contents[0], out _).Length:N0} bytes, {contents[0].Links.Count} links, best of {Rounds} rounds of {messages:N0} messages");
        Console.WriteLine("                                µs CPU    bytes allocated");
        var mimeKit = Measure("strings to bytes, by MimeKit", messages, i => ComposeWithMimeKit.Compose(Deliveries[i], contents[i], out _));
        var ours = Measure("strings to bytes, ours", messages, i => Write(writer, Deliveries[i], contents[i]));
        Measure("12 + 2 tracking URLs", messages, i => Links(Deliveries[i]));
        Measure("rendering, tracking URLs too", messages, i => Render(Deliveries[i]));
        var whole = Measure("a delivery's whole message", messages, i => Compose(i, null));
        var rsa = Signed("  signed, RSA-2048", messages, RsaKey());
        Signed("  signed, Ed25519", messages, Ed25519Key());
        Signed("  signed, both", messages, RsaKey(), Ed25519Key());
        Console.WriteLine($"MimeKit ÷ ours {mimeKit / ours:0.0}; whole message ÷ MimeKit's bytes alone {whole / mimeKit:0.00}; signed by RSA ÷ unsigned {rsa / whole:0.0}");
        return 0;
    }

    private static double Signed(string name, int messages, params DkimKey[] keys)
    {
        using var signer = new DkimSigner(keys);
        return Measure(name, Math.Max(1, messages / 10), i => Compose(i, signer));
    }

    // Processor time, and the best round of it: what others do on the machine only ever adds.
    private static double Measure(string name, int messages, Action<int> compose)
    {
        var best = TimeSpan.MaxValue;
        long allocated = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < messages; i++)
                compose(i % Deliveries.Length);
            var used = Environment.CpuUsage.TotalTime - started;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            best = used < best ? used : best;
        }
        Console.WriteLine($"{name,-30}{best.TotalMicroseconds / messages,8:0.0}{allocated / messages,12:N0}");
        return best.TotalMicroseconds / messages;
    }

    private static RenderedContent Render(ClaimedDelivery delivery)
    {
        using var links = ComposeCampaign.Links(delivery);
        return Campaign.Render(delivery, links);
    }

    private static void Compose(int i, DkimSigner? signer)
    {
        using var links = ComposeCampaign.Links(Deliveries[i]);
        var (message, failure) = OutgoingMessage.Compose(
            Campaign.Launched, Deliveries[i], ComposeCampaign.Relay, ComposeCampaign.Senders, links, ComposeCampaign.Date, signer);
        (message ?? throw new InvalidOperationException(failure!.Message)).Dispose();
    }

    private static void Write(MessageWriter writer, ClaimedDelivery delivery, RenderedContent content)
    {
        using var bytes = new PooledBuffer<byte>(16 * 1024);
        writer.Write(new MessageEnvelope
        {
            DeliveryId = delivery.DeliveryId,
            To = new($"{delivery.FirstName} {delivery.LastName}", delivery.Email!),
            Date = ComposeCampaign.Date,
        }, content, bytes);
        SHA256.HashData(bytes.Written);
    }

    private static void Links(ClaimedDelivery delivery)
    {
        using var links = ComposeCampaign.Links(delivery);
        for (var i = 0; i < 12; i++)
            links.Click(i);
        links.Pixel();
        links.Unsubscribe();
    }

    private static DkimKey RsaKey()
    {
        using var rsa = RSA.Create(2048);
        return new("shop.example", "rsa", DkimAlgorithm.RsaSha256, rsa.ExportPkcs8PrivateKey());
    }

    private static DkimKey Ed25519Key() => new("shop.example", "ed25519", DkimAlgorithm.Ed25519Sha256, RandomNumberGenerator.GetBytes(32));
}
