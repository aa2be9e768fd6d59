using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CampaignHub.Benchmarks;

/// <summary>
/// The least that a relay can do: it answers, with PIPELINING, and forgets. A process of its own, so that its work isn't
/// counted as the client's; it ends when its standard input does.
/// </summary>
internal static class BareSink
{
    private static readonly byte[] Ok = "250 2.0.0 Ok\r\n"u8.ToArray();

    /// <summary>Starts it; dispose of the process to end it.</summary>
    public static (Process Process, int Port) Start()
    {
        var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, "bare-sink") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        return (process, int.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture));
    }

    public static async Task<int> RunAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog: 512);
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        _ = AcceptAsync(listener);
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        while (true)
            _ = ServeAsync(await listener.AcceptSocketAsync());
    }

    private static async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        await socket.SendAsync("220 sink.example ESMTP\r\n"u8.ToArray());
        var buffer = new byte[64 * 1024];
        var answers = new MemoryStream();
        var inBody = false;
        for (var length = 0; ;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
                return;
            length += read;
            length = Take(buffer, length, ref inBody, answers);
            if (answers.Length > 0)
                await socket.SendAsync(answers.GetBuffer().AsMemory(0, (int)answers.Length));
            answers.SetLength(0);
        }
    }

    // Answers all that is whole, and moves the rest to the front; of a body, no more than could be its end is kept.
    private static int Take(byte[] buffer, int length, ref bool inBody, MemoryStream answers)
    {
        var rest = buffer.AsSpan(0, length);
        while (true)
        {
            var end = inBody ? rest.IndexOf("\r\n.\r\n"u8) : rest.IndexOf((byte)'\n');
            if (end < 0)
                break;
            var line = rest[..end];
            rest = rest[(end + (inBody ? 5 : 1))..];
            inBody = !inBody && line.StartsWith("DATA"u8);
            answers.Write(inBody ? "354 Go ahead\r\n"u8 : line.StartsWith("EHLO"u8) ? "250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 26214400\r\n"u8 : Ok);
        }
        if (inBody && rest.Length > 4)
            rest = rest[^4..];
        rest.CopyTo(buffer);
        return rest.Length;
    }
}
