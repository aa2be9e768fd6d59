using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CampaignHub.Server.Demo.Outside;

/// <summary>
/// A DNS server, the demo's and the tests' own, on one port of 127.0.0.1 over UDP and TCP: TXT and MX records and aliases, and hosts at which it fails, talks
/// nonsense or is silent. Over UDP an answer of more than 512 bytes is cut (RFC 1035 4.2.1).
/// </summary>
public sealed class DnsResponder : IAsyncDisposable
{
    private const int Txt = 16, Alias = 5, Mx = 15;

    /// <summary>A pointer to the question's name.</summary>
    private static readonly byte[] s_asked = [0xc0, 0x0c];

    private readonly ConcurrentDictionary<string, string[][]> _records = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, (int Preference, string Host)[]> _exchanges = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _failing = new(StringComparer.OrdinalIgnoreCase),
        _silent = new(StringComparer.OrdinalIgnoreCase), _garbled = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stop = new();
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly Task _running;
    private int _overTcp;

    public DnsResponder()
    {
        (_udp, _tcp) = Listen();
        _running = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    /// <summary>On one port: what is free for one protocol can be taken for the other.</summary>
    private static (UdpClient, TcpListener) Listen()
    {
        while (true)
        {
            var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            var tcp = new TcpListener((IPEndPoint)udp.Client.LocalEndPoint!);
            try
            {
                tcp.Start();
                return (udp, tcp);
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                udp.Dispose();
            }
        }
    }

    public string Address => _tcp.LocalEndpoint.ToString()!;

    public int AnswersOverTcp => Volatile.Read(ref _overTcp);

    /// <summary>The host's TXT records, each in strings of 255 bytes; none: the host isn't there.</summary>
    public void Publish(string host, params string[] texts) =>
        PublishStrings(host, [.. texts.Select(text => text.Chunk(255).Select(piece => new string(piece)).ToArray())]);

    /// <summary>The host's TXT records, string by string.</summary>
    public void PublishStrings(string host, params string[][] records) => _records[host] = records;

    /// <summary>The host's MX records.</summary>
    public void PublishExchange(string host, params (int Preference, string Host)[] exchanges) => _exchanges[host] = exchanges;

    public void PublishAlias(string host, string target) => _aliases[host] = target;

    /// <summary>Answers SERVFAIL for the host, or no longer.</summary>
    public void Fail(string host, bool fails = true) => _failing[host] = fails;

    public void BeSilentAbout(string host) => _silent[host] = true;

    /// <summary>Answers the host with bytes that are no message.</summary>
    public void Garble(string host) => _garbled[host] = true;

    private async Task ServeUdpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var query = await _udp.ReceiveAsync(_stop.Token);
            if (Answer(query.Buffer) is not { } answer)
                continue;
            if (answer.Length > 512)
            {
                answer = [.. answer[..QuestionEnd(answer)]];
                answer[2] |= 0x02; // TC
                answer.AsSpan(6, 2).Clear();
            }
            await _udp.SendAsync(answer, query.RemoteEndPoint, _stop.Token);
        }
    }

    private async Task ServeTcpAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            using var client = await _tcp.AcceptTcpClientAsync(_stop.Token);
            var stream = client.GetStream();
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, _stop.Token);
            var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(query, _stop.Token);
            var answer = Answer(query)!;
            Interlocked.Increment(ref _overTcp);
            await stream.WriteAsync((byte[])[.. Number(answer.Length), .. answer], _stop.Token);
        }
    }

    private byte[]? Answer(byte[] query)
    {
        var end = QuestionEnd(query);
        var host = ReadName(query);
        if (_silent.ContainsKey(host))
            return null;
        if (_garbled.ContainsKey(host))
            return [.. query[..2], 0x81, 0x80, 0, 1, 0, 9, 0, 0, 0, 0, 0xff, 0xff];
        var target = _aliases.GetValueOrDefault(host, host);
        List<byte[]> answers = target == host ? [] : [Record(Alias, s_asked, WriteName(target))];
        var asked = BinaryPrimitives.ReadUInt16BigEndian(query.AsSpan(end - 4));
        if (asked == Mx)
            answers.AddRange(_exchanges.GetValueOrDefault(target, []).Select(mx =>
                Record(Mx, target == host ? s_asked : WriteName(target), [.. Number(mx.Preference), .. mx.Host.Length == 0 ? [(byte)0] : WriteName(mx.Host)])));
        if (asked == Txt)
            answers.AddRange(_records.GetValueOrDefault(target, []).Select(strings => Record(Txt, target == host ? s_asked : WriteName(target), [.. strings.SelectMany(WriteString)])));
        var code = _failing.GetValueOrDefault(host) ? 2 : answers.Count == 0 ? 3 : 0;
        return [.. query[..2], 0x81, (byte)(0x80 | code), 0, 1, .. Number(code == 0 ? answers.Count : 0), 0, 0, 0, 0,
            .. query[12..end], .. code == 0 ? answers.SelectMany(a => a) : []];
    }

    private static byte[] Record(int type, byte[] name, byte[] data) =>
        [.. name, .. Number(type), 0, 1, 0, 0, 0, 0, .. Number(data.Length), .. data];

    private static byte[] WriteName(string name) => [.. name.Split('.').SelectMany(WriteString), 0];

    private static byte[] WriteString(string text) => [(byte)text.Length, .. Encoding.Latin1.GetBytes(text)];

    private static byte[] Number(int number) => [(byte)(number >> 8), (byte)number];

    private static string ReadName(byte[] message)
    {
        List<string> labels = [];
        for (var at = 12; message[at] != 0; at += message[at] + 1)
            labels.Add(Encoding.Latin1.GetString(message, at + 1, message[at]));
        return string.Join('.', labels);
    }

    /// <summary>Behind the question's name, type and class.</summary>
    private static int QuestionEnd(byte[] message)
    {
        var at = 12;
        while (message[at] != 0)
            at += message[at] + 1;
        return at + 5;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _tcp.Stop();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _udp.Dispose();
        _stop.Dispose();
    }
}
