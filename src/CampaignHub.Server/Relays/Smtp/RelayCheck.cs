using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using CampaignHub.Server.Platform.Outbound;
using NodaTime;

namespace CampaignHub.Server.Relays.Smtp;

/// <summary>One step of a check: dns, tcp, banner, ehlo, tls, login, mail_from.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="Ok">Whether it went well.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Advice">What to do, in plain words; null where all is well or nothing usual fits.</param>
public sealed record RelayCheckStep(string Step, bool Ok, string Detail, string? Advice);

/// <summary>All steps up to the first that failed.</summary>
public sealed record RelayCheckResult(bool Ok, IReadOnlyList<RelayCheckStep> Steps);

/// <summary>
/// Walks to a relay as sending would, step by step, up to MAIL FROM with the sender that mail will carry, and sends
/// nothing (RSET).
/// </summary>
public sealed class RelayCheck(OutboundGuard guard, IClock clock)
{
    private static readonly SmtpTimeouts Patience = new()
    {
        Connect = TimeSpan.FromSeconds(10),
        Command = TimeSpan.FromSeconds(10),
    };

    /// <param name="settings">The relay.</param>
    /// <param name="from">The envelope sender to try; empty is the null sender.</param>
    /// <param name="timeouts">By default ten seconds for each step.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public async Task<RelayCheckResult> RunAsync(
        RelaySettings settings, string from, SmtpTimeouts? timeouts, CancellationToken cancellationToken)
    {
        var steps = new List<RelayCheckStep>();
        timeouts ??= Patience;
        if (await DialAsync(settings, timeouts, steps, cancellationToken) is { } socket)
        {
            using var connection = SmtpConnection.Over(socket, settings, timeouts);
            await GreetAsync(connection, settings, steps, cancellationToken);
            if (steps.TrueForAll(step => step.Ok))
                await MailFromAsync(connection, settings, from, steps, cancellationToken);
        }
        return new RelayCheckResult(steps.TrueForAll(step => step.Ok), steps);
    }

    private async Task<Socket?> DialAsync(
        RelaySettings settings, SmtpTimeouts timeouts, List<RelayCheckStep> steps, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeouts.Connect);
        var step = "dns";
        try
        {
            var target = await guard.ResolveAsync(settings.Host, patience.Token);
            steps.Add(new("dns", target.Refusal is null, target.Refusal?.Reason ?? string.Join(", ", target.Addresses),
                RelayAdvice.ForName(target.Refusal?.Kind)));
            if (target.Refusal is not null)
                return null;
            step = "tcp";
            var socket = await OutboundDial.ConnectAsync(target, settings.Port, patience.Token);
            steps.Add(new("tcp", true, $"connected to {socket.RemoteEndPoint}", null));
            return socket;
        }
        catch (Exception exception) when (exception is SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var detail = exception is SocketException ? exception.Message : "no answer in time";
            steps.Add(new(step, false, detail, RelayAdvice.ForConnection(settings)));
            return null;
        }
    }

    private async Task GreetAsync(
        SmtpConnection connection, RelaySettings settings, List<RelayCheckStep> steps, CancellationToken cancellationToken)
    {
        var opened = await connection.GreetAsync(cancellationToken);
        var order = RelaySteps.For(settings);
        var failed = opened.Accepted ? order.Length : Array.FindIndex(order, step => step.Phases.Contains(opened.Phase));
        for (var i = 0; i < order.Length && i <= failed; i++)
        {
            steps.Add(i < failed
                ? new(order[i].Name, true, Found(order[i].Name, connection), null)
                : new(order[i].Name, false, Said(opened), RelayAdvice.For(opened, settings, connection.Certificate?.Errors ?? SslPolicyErrors.None)));
        }
    }

    private static async Task MailFromAsync(SmtpConnection connection, RelaySettings settings, string from,
        List<RelayCheckStep> steps, CancellationToken cancellationToken)
    {
        var result = await connection.TrySenderAsync(from, cancellationToken);
        steps.Add(new("mail_from", result.Accepted, $"<{from}>: {Said(result)}",
            result.Accepted ? null : RelayAdvice.For(result, settings, connection.Certificate?.Errors ?? SslPolicyErrors.None)));
        await connection.CloseAsync(cancellationToken);
    }

    private string Found(string step, SmtpConnection connection) => step switch
    {
        "tls" => Certificate(connection.Certificate),
        "ehlo" => $"{connection.Extensions}",
        "login" => "accepted",
        _ => "ok",
    };

    private static string Said(SmtpResult result) =>
        result.Code is { } code ? string.Create(CultureInfo.InvariantCulture, $"{code} {result.Text}") : result.Text;

    private string Certificate(RelayCertificate? tls)
    {
        if (tls?.Shown is not { } certificate)
            return $"{tls?.Protocol}";
        var ends = Instant.FromDateTimeUtc(certificate.NotAfter.ToUniversalTime());
        var days = (int)(ends - clock.GetCurrentInstant()).TotalDays;
        return string.Create(CultureInfo.InvariantCulture,
            $"{tls.Protocol}, {certificate.Subject}, issued by {certificate.Issuer}, valid for {days} more days");
    }
}
