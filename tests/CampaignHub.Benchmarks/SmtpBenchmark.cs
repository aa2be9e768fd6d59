using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CampaignHub.Server.Platform.Outbound;
using CampaignHub.Server.Relays.Smtp;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CampaignHub.Benchmarks;

/// <summary>Our dialogue beside MailKit's client: the same bytes, the same sink, in turns within one run.</summary>
internal static class SmtpBenchmark
{
    private const int Rounds = 3;
    private static readonly byte[] s_mail = Mail();

    private sealed record Pace(double PerSecond, double Microseconds);

    public static async Task<int> RunAsync(int messages)
    {
        var (sink, port) = BareSink.Start();
        using (sink)
        {
            Console.WriteLine($"{messages:N0} messages of {s_mail.Length:N0} bytes, best of {Rounds} rounds, {Environment.ProcessorCount} processors");
            await OursAsync(port, 1, messages / 10); // warm
            await MailKitAsync(port, 1, messages / 10);
            foreach (var connections in (int[])[1, 10])
                await CompareAsync(port, connections, messages);
            sink.StandardInput.Close();
        }
        return 0;
    }

    private static async Task CompareAsync(int port, int connections, int messages)
    {
        List<Pace> ours = [], theirs = [];
        for (var round = 0; round < Rounds; round++)
        {
            theirs.Add(await MeasureAsync(messages, () => MailKitAsync(port, connections, messages)));
            ours.Add(await MeasureAsync(messages, () => OursAsync(port, connections, messages)));
        }
        var (mine, other) = (Best(ours), Best(theirs));
        Console.WriteLine($"{connections,2} connection{(connections == 1 ? " " : "s")}  MailKit {other.PerSecond,7:N0}/s {other.Microseconds,4:0} µs CPU   ours {mine.PerSecond,7:N0}/s {mine.Microseconds,4:0} µs CPU"
            + $"   {mine.PerSecond / other.PerSecond:0.0} of its pace, {mine.Microseconds / other.Microseconds:0.00} of its CPU");
    }

    private static Pace Best(List<Pace> paces) => new(paces.Max(pace => pace.PerSecond), paces.Min(pace => pace.Microseconds));

    private static async Task<Pace> MeasureAsync(int messages, Func<Task> send)
    {
        using var self = Process.GetCurrentProcess();
        var (cpu, watch) = (self.TotalProcessorTime, Stopwatch.StartNew());
        await send();
        self.Refresh();
        return new Pace(messages / watch.Elapsed.TotalSeconds, (self.TotalProcessorTime - cpu).TotalMicroseconds / messages);
    }

    private static Task OursAsync(int port, int connections, int messages) => OnEachAsync(connections, async () =>
    {
        var guard = new OutboundGuard([IPNetwork.Parse("127.0.0.0/8")]);
        var settings = new RelaySettings { Host = "127.0.0.1", Port = port, Tls = RelayTls.None };
        var (connection, failure) = await SmtpConnection.OpenAsync(settings, guard, new(), CancellationToken.None);
        for (var i = 0; i < messages / connections; i++)
            Must((await connection!.SendAsync(s_mail, "shop@shop.example", "ann@example.com", SendingLeave.Always, CancellationToken.None)).Accepted);
        await connection!.CloseAsync(CancellationToken.None);
        Must(failure is null);
    });

    // At its best: a socket without Nagle's delay, and a message that is parsed before the clock runs.
    private static Task MailKitAsync(int port, int connections, int messages) => OnEachAsync(connections, async () =>
    {
        using var message = MimeMessage.Load(new MemoryStream(s_mail));
        var (from, to) = (new MailboxAddress("", "shop@shop.example"), new MailboxAddress[] { new("", "ann@example.com") });
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        using var client = new SmtpClient();
        await client.ConnectAsync(socket, "127.0.0.1", port, SecureSocketOptions.None);
        for (var i = 0; i < messages / connections; i++)
            await client.SendAsync(FormatOptions.Default, message, from, to);
        await client.DisconnectAsync(quit: true);
    });

    private static Task OnEachAsync(int connections, Func<Task> send) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(send)));

    private static void Must(bool holds)
    {
        if (!holds)
            throw new InvalidOperationException("A message was not accepted.");
    }

    private static byte[] Mail()
    {
        var text = new StringBuilder("From: Shop <shop@shop.example>\r\nTo: Ann <ann@example.com>\r\nSubject: Hello\r\nMessage-ID: <m1@shop.example>\r\n"
            + "Date: Fri, 27 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n");
        while (text.Length < 10_000)
            text.Append("<p>A line of the kind that newsletters are made of, seventy bytes or so.</p>\r\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
