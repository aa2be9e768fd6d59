using System.Net;
using System.Net.Sockets;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Platform.Outbound;
using CampaignHub.Server.Relays.Smtp;

namespace CampaignHub.Server.Tests.Relays.Smtp;

public sealed class SmtpOpeningTests
{
    private static readonly SinkLogin Login = new("shop", "söcret");

    [Fact]
    public async Task A_closed_port_is_a_value()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();

        var failure = await Relay.FailAsync(new RelaySettings { Host = "127.0.0.1", Port = port, Tls = RelayTls.None });

        (failure.Phase, failure.Failure).ShouldBe((SmtpPhase.Connect, SmtpFailure.Refused));
    }

    [Fact]
    public async Task A_relay_that_points_inward_is_refused_while_not_allowed()
    {
        await using var sink = SmtpSink.Start(Relay.Options);

        var (connection, failure) = await SmtpConnection.OpenAsync(
            Relay.At(sink), new OutboundGuard([]), new SmtpTimeouts(), CancellationToken.None);

        connection.ShouldBeNull();
        failure!.Phase.ShouldBe(SmtpPhase.Connect);
        failure.Text.ShouldContain("loopback");
        sink.Connections.ShouldBe(0);
    }

    [Theory]
    [InlineData(421, "4.3.2 busy")]
    [InlineData(554, "go away")]
    public async Task A_refusing_banner_is_told(int code, string text)
    {
        await using var sink = SmtpSink.Start(Relay.Options);
        sink.Behaviour.OnConnect = _ => SinkReply.Of(code, text);

        var failure = await Relay.FailAsync(Relay.At(sink));

        (failure.Phase, failure.Code, failure.Failure).ShouldBe((SmtpPhase.Banner, code, null));
    }

    [Fact]
    public async Task A_silent_banner_times_out()
    {
        await using var sink = SmtpSink.Start(Relay.Options);
        sink.Behaviour.OnConnect = _ => new SinkReply(220, "late") { Delay = TimeSpan.FromMinutes(1) };

        var failure = await Relay.FailAsync(Relay.At(sink), Relay.Brief);

        (failure.Phase, failure.Failure).ShouldBe((SmtpPhase.Banner, SmtpFailure.Timeout));
    }

    [Fact]
    public async Task A_dropped_connection_before_the_banner_is_a_reset()
    {
        await using var sink = SmtpSink.Start(Relay.Options);
        sink.Behaviour.OnConnect = _ => SinkReply.DropUnanswered;

        var failure = await Relay.FailAsync(Relay.At(sink));

        (failure.Phase, failure.Failure).ShouldBe((SmtpPhase.Banner, SmtpFailure.Reset));
    }

    [Fact]
    public async Task Logs_in_and_sends()
    {
        await using var sink = SmtpSink.Start(Relay.Options with { Login = Login });
        using var connection = await Relay.OpenAsync(Relay.At(sink) with { Username = Login.Username, Password = Login.Password });

        (await connection.SendAsync()).Accepted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_wrong_password_is_the_servers_refusal()
    {
        await using var sink = SmtpSink.Start(Relay.Options with { Login = Login });

        var failure = await Relay.FailAsync(Relay.At(sink) with { Username = "shop", Password = "wrong" });

        (failure.Phase, failure.Code, failure.EnhancedCode).ShouldBe((SmtpPhase.Auth, 535, "5.7.8"));
        failure.Text.ShouldNotContain("wrong\"");
    }

    [Fact]
    public async Task A_relay_without_login_is_told()
    {
        await using var sink = SmtpSink.Start(Relay.Options);

        var failure = await Relay.FailAsync(Relay.At(sink) with { Username = "shop", Password = "x" });

        (failure.Phase, failure.Failure).ShouldBe((SmtpPhase.Auth, SmtpFailure.Protocol));
    }

    [Theory]
    [InlineData(RelayTls.StartTls)]
    [InlineData(RelayTls.Implicit)]
    public async Task Sends_over_tls_with_a_trusted_root(RelayTls tls)
    {
        using var certificate = Relay.Certificate("127.0.0.1");
        await using var sink = Secure(certificate, tls);
        using var connection = await Relay.OpenAsync(Relay.At(sink) with { Tls = tls, TrustedRoots = [certificate] });

        (await connection.SendAsync()).Accepted.ShouldBeTrue();
        sink.Messages.Single().ReadSource().ShouldBe(Relay.Mail);
    }

    [Theory]
    [InlineData(RelayTls.StartTls, "127.0.0.1", false, false)]
    [InlineData(RelayTls.StartTls, "127.0.0.1", true, true)]
    [InlineData(RelayTls.StartTls, "other.example", true, false)]
    [InlineData(RelayTls.Implicit, "other.example", true, false)]
    public async Task A_wrong_certificate_ends_in_tls(RelayTls tls, string name, bool trusted, bool expired)
    {
        using var certificate = Relay.Certificate(name, expired);
        await using var sink = Secure(certificate, tls);
        var settings = Relay.At(sink) with { Tls = tls };

        var failure = await Relay.FailAsync(trusted ? settings with { TrustedRoots = [certificate] } : settings);

        (failure.Phase, failure.Failure).ShouldBe((SmtpPhase.StartTls, SmtpFailure.TlsInvalid));
        sink.CommandCount("MAIL").ShouldBe(0);
    }

    [Fact]
    public async Task Required_starttls_is_never_downgraded()
    {
        await using var sink = SmtpSink.Start(Relay.Options with { Login = Login });

        var failure = await Relay.FailAsync(
            Relay.At(sink) with { Tls = RelayTls.StartTls, Username = Login.Username, Password = Login.Password });

        (failure.Phase, failure.Failure).ShouldBe((SmtpPhase.StartTls, SmtpFailure.TlsNotOffered));
        sink.CommandCount("AUTH").ShouldBe(0);
    }

    [Fact]
    public async Task A_starttls_that_is_refused_ends_there()
    {
        using var certificate = Relay.Certificate("127.0.0.1");
        await using var sink = Secure(certificate, RelayTls.StartTls);
        sink.Behaviour.OnStartTls = () => SinkReply.Of(454, "4.7.0 not now");

        var failure = await Relay.FailAsync(Relay.At(sink) with { Tls = RelayTls.StartTls });

        (failure.Phase, failure.Code).ShouldBe((SmtpPhase.StartTls, 454));
    }

    [Fact]
    public async Task What_is_said_before_tls_is_forgotten_after_it()
    {
        using var certificate = Relay.Certificate("127.0.0.1");
        await using var sink = Secure(certificate, RelayTls.StartTls);
        sink.Behaviour.OnStartTls = () => new SinkReply(220, "")
        {
            Raw = "220 go\r\n250-evil.example\r\n250 AUTH PLAIN\r\n"u8.ToArray(),
        };

        var (connection, failure) = await SmtpConnection.OpenAsync(
            Relay.At(sink) with { Tls = RelayTls.StartTls, TrustedRoots = [certificate], Username = "u", Password = "p" },
            Relay.Guard, new SmtpTimeouts(), CancellationToken.None);

        connection.ShouldBeNull();
        failure.ShouldNotBeNull();
        sink.CommandCount("AUTH").ShouldBe(0); // the sink offers none: only the injected line did
    }

    [Fact]
    public void Settings_do_not_print_the_password() =>
        new RelaySettings { Host = "relay.example", Port = 587, Tls = RelayTls.StartTls, Username = "u", Password = "hush" }
            .ToString().ShouldNotContain("hush");

    private static SmtpSink Secure(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate, RelayTls tls) =>
        SmtpSink.Start(Relay.Options with { Certificate = certificate, ImplicitTls = tls == RelayTls.Implicit });
}
