using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CampaignHub.Server.Tests.Inbound;

/// <summary>A POP3 server (RFC 1939) with one mailbox, which can be told to die before it deletes.</summary>
public sealed class PostOffice : IAsyncDisposable
{
    public const string Password = "open sesame";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private readonly ConcurrentDictionary<string, string> _messages = new();
    private readonly ConcurrentDictionary<string, int> _reads = new();
    private readonly bool _startTls;
    private int _sessions;
    private int _logins;

    /// <param name="certificate">With one it speaks TLS.</param>
    /// <param name="startTls">Whether only once it is asked to.</param>
    public PostOffice(X509Certificate2? certificate = null, bool startTls = false)
    {
        (_certificate, _startTls) = (certificate, startTls);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether it hangs up on QUIT instead of deleting.</summary>
    public bool DiesAtQuit { get; set; }

    /// <summary>Whether a message that it sends has no end.</summary>
    public bool SendsWithoutEnd { get; set; }

    /// <summary>What it says in clear text between its agreement to TLS and the handshake.</summary>
    public string SaidBeforeTls { get; set; } = "";

    /// <summary>Passwords that it was told, right or wrong.</summary>
    public int Logins => Volatile.Read(ref _logins);

    /// <summary>Sessions that have come to their QUIT.</summary>
    public int Sessions => Volatile.Read(ref _sessions);

    public IEnumerable<string> Uids => _messages.Keys.Order();

    public void Put(string uid, string message) => _messages[uid] = message.ReplaceLineEndings("\r\n");

    /// <summary>How often a message was fetched.</summary>
    public int Reads(string uid) => _reads.GetValueOrDefault(uid);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                Stream stream = client.GetStream();
                if (_certificate is not null)
                    stream = await SecureAsync(stream, _certificate);
                using var reader = new StreamReader(stream, Encoding.Latin1);
                await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
                // Who has asked for TLS needs no other greeting.
                if (!_startTls)
                    await writer.WriteLineAsync("+OK");
                await TalkAsync(reader, writer);
            }
        }
        catch (Exception left) when (left is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client left, or didn't like the certificate.
        }
    }

    private async Task<Stream> SecureAsync(Stream stream, X509Certificate2 certificate)
    {
        if (_startTls)
        {
            await stream.WriteAsync("+OK\r\n"u8.ToArray());
            var asked = new byte[6];
            await stream.ReadExactlyAsync(asked);
            if (Encoding.ASCII.GetString(asked) != "STLS\r\n")
                throw new IOException("Something was said in clear text.");
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"+OK\r\n{SaidBeforeTls}"));
        }
        var secured = new SslStream(stream);
        await secured.AuthenticateAsServerAsync(certificate);
        return secured;
    }

    private async Task TalkAsync(StreamReader reader, StreamWriter writer)
    {
        string[] uids = [.. Uids];
        var deleted = new HashSet<string>();
        while (await reader.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ', 2);
            var uid = words.Length > 1 && int.TryParse(words[1].Split(' ')[0], CultureInfo.InvariantCulture, out var place) && place <= uids.Length ? uids[place - 1] : "";
            switch (words[0].ToUpperInvariant())
            {
                case "CAPA":
                    await writer.WriteAsync("+OK\r\nUSER\r\nUIDL\r\nTOP\r\n.\r\n");
                    break;
                case "STLS":
                    await writer.WriteLineAsync("-ERR not here");
                    break;
                case "PASS" when Interlocked.Increment(ref _logins) > 0 && words[1] != Password:
                    await writer.WriteLineAsync("-ERR wrong");
                    break;
                case "STAT":
                    await writer.WriteLineAsync($"+OK {uids.Length} {uids.Sum(u => _messages[u].Length)}");
                    break;
                case "UIDL" when words.Length == 1:
                    await writer.WriteAsync($"+OK\r\n{string.Concat(uids.Select((u, i) => $"{i + 1} {u}\r\n"))}.\r\n");
                    break;
                case "UIDL":
                    await writer.WriteLineAsync($"+OK {words[1]} {uid}");
                    break;
                case "LIST" when words.Length == 1:
                    await writer.WriteAsync($"+OK\r\n{string.Concat(uids.Select((u, i) => $"{i + 1} {_messages[u].Length}\r\n"))}.\r\n");
                    break;
                case "LIST":
                    await writer.WriteLineAsync($"+OK {words[1]} {_messages[uid].Length}");
                    break;
                case "RETR" when SendsWithoutEnd:
                    await writer.WriteAsync("+OK\r\n");
                    while (true)
                        await writer.WriteAsync(new string('x', 65_536)); // until the client hangs up
                case "RETR" or "TOP":
                    _reads.AddOrUpdate(uid, 1, (_, n) => n + 1);
                    await writer.WriteAsync($"+OK\r\n{_messages[uid].Replace("\r\n.", "\r\n..", StringComparison.Ordinal)}\r\n.\r\n");
                    break;
                case "DELE":
                    deleted.Add(uid);
                    await writer.WriteLineAsync("+OK");
                    break;
                case "QUIT":
                    foreach (var gone in DiesAtQuit ? [] : deleted)
                        _messages.TryRemove(gone, out _);
                    Interlocked.Increment(ref _sessions);
                    if (!DiesAtQuit)
                        await writer.WriteLineAsync("+OK");
                    return;
                default:
                    await writer.WriteLineAsync("+OK");
                    break;
            }
        }
    }
}
