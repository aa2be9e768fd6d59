using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Platform.Outbound;
using CampaignHub.Server.Relays.Smtp;
using NodaTime;
using NodaTime.Testing;

namespace CampaignHub.Server.Tests.Relays.Smtp;

/// <summary>A relay on the sink, its settings, and a message to send.</summary>
internal static class Relay
{
    public static readonly OutboundGuard Guard = new([IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")]);

    /// <summary>Short where a test waits for silence on purpose.</summary>
    public static readonly SmtpTimeouts Brief = new()
    {
        Connect = TimeSpan.FromMilliseconds(300),
        Command = TimeSpan.FromMilliseconds(300),
        FinalReply = TimeSpan.FromMilliseconds(300),
    };

    public static readonly byte[] Mail = Encoding.ASCII.GetBytes(
        "From: shop@example.com\r\nTo: ann@example.com\r\nSubject: Hello\r\nMessage-ID: <m1@shop.example>\r\n"
        + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nX-After: content\r\n\r\n.dot\r\nbody\r\n");

    public static SmtpSinkOptions Options => new() { Clock = new FakeClock(Instant.FromUtc(2026, 11, 27, 9, 0)) };

    public static RelaySettings At(SmtpSink sink) => new() { Host = "127.0.0.1", Port = sink.Port, Tls = RelayTls.None };

    public static async Task<SmtpConnection> OpenAsync(RelaySettings settings, SmtpTimeouts? timeouts = null)
    {
        var (connection, failure) = await SmtpConnection.OpenAsync(settings, Guard, timeouts ?? new(), CancellationToken.None);
        failure.ShouldBeNull();
        return connection!;
    }

    public static async Task<SmtpResult> FailAsync(RelaySettings settings, SmtpTimeouts? timeouts = null)
    {
        var (connection, failure) = await SmtpConnection.OpenAsync(settings, Guard, timeouts ?? new(), CancellationToken.None);
        connection.ShouldBeNull();
        return failure!;
    }

    public static Task<SmtpResult> SendAsync(this SmtpConnection connection, string to = "ann@example.com") =>
        connection.SendAsync(Mail, "shop@example.com", to, SendingLeave.Always, CancellationToken.None);

    /// <summary>The server's own answer, a yes or a no by its code.</summary>
    public static void ShouldBeReply(this SmtpResult result, SmtpPhase phase, int code, string? enhanced, string text)
    {
        (result.Accepted, result.Phase, result.Code, result.EnhancedCode, result.Text)
            .ShouldBe((code is >= 200 and < 300, phase, code, enhanced, text));
        result.Failure.ShouldBeNull();
    }

    /// <summary>Self-signed, for a name or address, already valid unless told to be expired.</summary>
    public static X509Certificate2 Certificate(string name, bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var end = expired ? new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero) : new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var made = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), end);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
