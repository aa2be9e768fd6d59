using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CampaignHub.Server.Tests.Inbound;

/// <summary>A mail server that hands mail over, command by command.</summary>
public sealed class MailServer : IDisposable
{
    private readonly TcpClient _client = new();
    private readonly StreamReader _reader;

    private MailServer(IPEndPoint to)
    {
        _client.Connect(to);
        _reader = new StreamReader(_client.GetStream(), Encoding.ASCII);
    }

    public static async Task<MailServer> ConnectAsync(IPEndPoint to, string hello = "EHLO mx.example")
    {
        var server = new MailServer(to);
        (await server.ReplyAsync()).ShouldStartWith("220");
        (await server.SayAsync(hello)).ShouldStartWith("250");
        return server;
    }

    /// <summary>Hands a message over and answers the reply to it, or to the recipient that was refused.</summary>
    public async Task<string> DeliverAsync(string message, params string[] recipients)
    {
        (await SayAsync("MAIL FROM:<>")).ShouldStartWith("250");
        foreach (var recipient in recipients)
            if (await SayAsync($"RCPT TO:<{recipient}>") is var reply && reply[0] != '2')
            {
                (await SayAsync("RSET")).ShouldStartWith("250");
                return reply;
            }
        (await SayAsync("DATA")).ShouldStartWith("354");
        await WriteAsync(message.ReplaceLineEndings("\r\n").Replace("\r\n.", "\r\n..", StringComparison.Ordinal) + "\r\n.\r\n");
        return await ReplyAsync();
    }

    public async Task<string> SayAsync(string command)
    {
        await WriteAsync(command + "\r\n");
        return await ReplyAsync();
    }

    public Task WriteAsync(string text) => _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();

    /// <summary>The last line of a reply; empty where the connection ended.</summary>
    public async Task<string> ReplyAsync()
    {
        try
        {
            while (await _reader.ReadLineAsync() is { } line)
                if (line.Length < 4 || line[3] != '-')
                    return line;
        }
        catch (IOException)
        {
            // Reset: what was sent last isn't read any more.
        }
        return "";
    }

    public void Dispose()
    {
        _reader.Dispose();
        _client.Dispose();
    }
}
