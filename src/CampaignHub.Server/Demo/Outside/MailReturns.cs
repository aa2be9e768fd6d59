using System.Net;
using CampaignHub.Server.Demo.Inbox;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace CampaignHub.Server.Demo.Outside;

/// <summary>Mail servers of others, which hand back by SMTP what came of a mail: to the return path that stood in its envelope.</summary>
/// <param name="service">Where the service takes such mail.</param>
internal sealed class MailReturns(IPEndPoint service)
{
    public const string MailServer = "mx.elsewhere.example";

    /// <summary>Nobody of that name (RFC 3464, status 5.1.1).</summary>
    public Task BounceAsync(SinkMessage mail, CancellationToken ct)
    {
        var status = new MessageDeliveryStatus();
        status.StatusGroups.Add(new HeaderList { { "Reporting-MTA", $"dns; {MailServer}" } });
        status.StatusGroups.Add(new HeaderList
        {
            { "Final-Recipient", $"rfc822; {mail.Recipients[0]}" },
            { "Action", "failed" },
            { "Status", "5.1.1" },
            { "Diagnostic-Code", "smtp; 550 5.1.1 User unknown" },
        });
        return HandOverAsync(mail, "Undelivered mail", "delivery-status", status, ct);
    }

    /// <summary>Its reader called it spam (RFC 5965).</summary>
    public Task ComplainAsync(SinkMessage mail, CancellationToken ct)
    {
        var report = new MessageFeedbackReport();
        report.Fields.Add("Feedback-Type", "abuse");
        report.Fields.Add("User-Agent", "Elsewhere/1.0");
        report.Fields.Add("Version", "1");
        return HandOverAsync(mail, "Spam report", "feedback-report", report, ct);
    }

    private async Task HandOverAsync(SinkMessage mail, string subject, string kind, MimeEntity report, CancellationToken ct)
    {
        using var original = mail.Parse();
        using var body = new MultipartReport(kind)
        {
            new TextPart("plain") { Text = $"{subject}: {mail.Recipients[0]}" },
            report,
            new MessagePart { Message = original },
        };
        using var message = new MimeMessage([new MailboxAddress("Mail server", $"postmaster@{MailServer}")], [MailboxAddress.Parse(mail.From)], subject, body);
        using var client = new SmtpClient();
        try
        {
            await client.ConnectAsync(service.Address.ToString(), service.Port, SecureSocketOptions.None, ct);
            // What reports on mail has no return path of its own (RFC 5321 4.5.5).
            await client.SendAsync(message, new MailboxAddress("", ""), [MailboxAddress.Parse(mail.From)], ct);
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception fault) when (fault is IOException or SmtpCommandException or SmtpProtocolException or System.Net.Sockets.SocketException)
        {
            throw new DemoFailure($"The service didn't take the {subject.ToLowerInvariant()}: {fault.Message}");
        }
    }
}
