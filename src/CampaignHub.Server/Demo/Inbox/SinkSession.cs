using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace CampaignHub.Server.Demo.Inbox;

/// <summary>The dialogue of one connection: greeting, session commands, and how answers are given.</summary>
internal sealed partial class SinkSession(SmtpSink sink, Socket socket, int number) : IAsyncDisposable
{
    private static readonly SinkReply Ok = new(250, "2.0.0 OK");

    private readonly SinkWire wire = new(socket);
    private bool open = true;
    private bool greeted;
    private bool authenticated;

    private SmtpSinkOptions Options => sink.Options;

    private SinkBehaviour Script => sink.Behaviour;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Options is { ImplicitTls: true, Certificate: { } certificate })
                await wire.UpgradeAsync(certificate, cancellationToken);
            await GreetAsync(cancellationToken);
            while (open && await wire.ReadLineAsync(cancellationToken) is { } line)
                await HandleAsync(line, cancellationToken);
            await wire.FlushAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException
            or InvalidDataException or OperationCanceledException)
        {
            // The client left, broke TLS, sent a line without end, or the sink stops: this connection ends.
        }
    }

    public ValueTask DisposeAsync() => wire.DisposeAsync();

    private async Task GreetAsync(CancellationToken cancellationToken)
    {
        var greeting = Script.OnConnect?.Invoke(number) ?? new SinkReply(220, "sink.example ESMTP");
        await AnswerAsync(greeting, cancellationToken);
        open &= greeting.Code == 220;
    }

    private Task HandleAsync(string line, CancellationToken cancellationToken)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var verb = (space < 0 ? line : line[..space]).ToUpperInvariant();
        var argument = space < 0 ? "" : line[(space + 1)..].Trim();
        if (verb.Length is > 0 and <= 10)
            sink.CountCommand(verb);
        return verb switch
        {
            "EHLO" or "HELO" => HelloAsync(verb, argument, cancellationToken),
            "STARTTLS" => StartTlsAsync(cancellationToken),
            "AUTH" => LogInAsync(argument, cancellationToken),
            "MAIL" => MailAsync(argument, cancellationToken),
            "RCPT" => RecipientAsync(argument, cancellationToken),
            "DATA" => DataAsync(cancellationToken),
            "RSET" => ResetAsync(cancellationToken),
            "NOOP" => AnswerAsync(Ok, cancellationToken),
            "QUIT" => AnswerAsync(new(221, "2.0.0 Bye") { Drop = SinkDrop.Answered }, cancellationToken),
            _ => AnswerAsync(new(500, "5.5.1 Unknown command"), cancellationToken),
        };
    }

    private async Task HelloAsync(string verb, string name, CancellationToken cancellationToken)
    {
        ForgetEnvelope();
        var reply = Script.OnEhlo?.Invoke(name)
            ?? new SinkReply(250, verb == "EHLO" ? string.Join('\n', Announcement()) : "sink.example");
        greeted = reply.IsPositive;
        await AnswerAsync(reply, cancellationToken);
    }

    private IEnumerable<string> Announcement()
    {
        yield return "sink.example";
        yield return $"SIZE {Options.MaxMessageBytes}";
        foreach (var extension in Options.Extensions)
            yield return extension;
        if (Options.Certificate is not null && !wire.IsTls)
            yield return "STARTTLS";
        if (Options.Login is not null)
            yield return "AUTH PLAIN LOGIN";
    }

    private async Task StartTlsAsync(CancellationToken cancellationToken)
    {
        if (Options.Certificate is not { } certificate || wire.IsTls)
        {
            await AnswerAsync(new(502, "5.5.1 Not offered"), cancellationToken);
            return;
        }
        var reply = Script.OnStartTls?.Invoke() ?? new SinkReply(220, "2.0.0 Go ahead");
        await AnswerAsync(reply, cancellationToken);
        await wire.FlushAsync(cancellationToken);
        if (!open || reply.Code != 220)
            return;
        await wire.UpgradeAsync(certificate, cancellationToken);
        greeted = false; // RFC 3207 4.2: what was said in the clear is forgotten
    }

    private async Task LogInAsync(string argument, CancellationToken cancellationToken)
    {
        if (Options.Login is not { } expected)
        {
            await AnswerAsync(new(502, "5.5.1 Not offered"), cancellationToken);
            return;
        }
        var given = await SinkLoginDialogue.ReadAsync(wire, argument, cancellationToken);
        var reply = (given is null ? new SinkReply(501, "5.5.2 Cannot read that") : Script.OnAuth?.Invoke(given.Username))
            ?? (given == expected ? new(235, "2.7.0 Welcome") : new(535, "5.7.8 Wrong name or password"));
        authenticated = reply.IsPositive;
        await AnswerAsync(reply, cancellationToken);
    }

    private Task ResetAsync(CancellationToken cancellationToken)
    {
        ForgetEnvelope();
        return AnswerAsync(Script.OnReset?.Invoke() ?? Ok, cancellationToken);
    }

    private async Task AnswerAsync(SinkReply reply, CancellationToken cancellationToken)
    {
        if (reply.Delay > TimeSpan.Zero)
        {
            await wire.FlushAsync(cancellationToken);
            await Task.Delay(reply.Delay, cancellationToken);
        }
        open &= reply.Drop == SinkDrop.Never;
        if (reply.Drop == SinkDrop.Unanswered)
            return;
        var bytes = reply.Raw ?? Encoding.UTF8.GetBytes(reply.ToWire());
        if (reply.BytePause > TimeSpan.Zero)
            await DripAsync(bytes, reply.BytePause, cancellationToken);
        else
            wire.Write(bytes.Span);
    }

    private async Task DripAsync(ReadOnlyMemory<byte> bytes, TimeSpan pause, CancellationToken cancellationToken)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            wire.Write(bytes.Span.Slice(i, 1));
            await wire.FlushAsync(cancellationToken);
            await Task.Delay(pause, cancellationToken);
        }
    }
}
