using System.Net.Sockets;
using System.Text;

namespace CampaignHub.Server.Tests.Demo.Inbox;

/// <summary>Speaks raw SMTP, line by line, so that tests can break every rule.</summary>
internal sealed class SinkClient : IDisposable
{
    private readonly TcpClient tcp = new() { NoDelay = true };
    private StreamReader reader = StreamReader.Null;

    public static async Task<SinkClient> ConnectAsync(int port)
    {
        var client = new SinkClient();
        await client.tcp.ConnectAsync("127.0.0.1", port);
        client.reader = new StreamReader(client.tcp.GetStream(), Encoding.Latin1);
        return client;
    }

    public async Task SendAsync(string text) => await tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>The last line of the next reply; empty when the server has closed.</summary>
    public async Task<string> ReplyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            while (await reader.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.Length < 4 || line[3] != '-')
                    return line;
            }
        }
        catch (IOException)
        {
            // A reset is a close, too.
        }
        return "";
    }

    public async Task<string> AskAsync(string command)
    {
        await SendAsync(command + "\r\n");
        return await ReplyAsync();
    }

    /// <summary>Greets and sends the envelope, up to the 354.</summary>
    public async Task BeginDataAsync(string to = "ann@example.com")
    {
        await ReplyAsync();
        await AskAsync("EHLO test.example");
        await AskAsync("MAIL FROM:<shop@example.com>");
        (await AskAsync($"RCPT TO:<{to}>")).ShouldStartWith("250");
        (await AskAsync("DATA")).ShouldStartWith("354");
    }

    public void Dispose()
    {
        reader.Dispose();
        tcp.Dispose();
    }
}
