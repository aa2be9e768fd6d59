using System.Net.Security;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Platform.Outbound;
using CampaignHub.Server.Relays.Smtp;

namespace CampaignHub.Server.Tests.Relays.Smtp;

public sealed class RelayCheckTests
{
    [Fact]
    public async Task A_good_relay_passes_every_step_and_nothing_is_sent()
    {
        using var certificate = Relay.Certificate("127.0.0.1");
        await using var sink = SmtpSink.Start(Relay.Options with { Certificate = certificate, Login = new("u", "p") });

        var result = await CheckAsync(Relay.At(sink) with
        {
            Tls = RelayTls.StartTls,
            Username = "u",
            Password = "p",
            TrustedRoots = [certificate],
        });

        result.Steps.Select(step => step.Step).ShouldBe(["dns", "tcp", "banner", "ehlo", "tls", "login", "mail_from"]);
        result.Ok.ShouldBeTrue();
        result.Steps.Single(step => step.Step == "tls").Detail.ShouldContain("CN=127.0.0.1");
        sink.CommandCount("RSET").ShouldBe(1);
        sink.CommandCount("DATA").ShouldBe(0);
    }

    [Fact]
    public async Task A_private_address_is_explained()
    {
        var check = new RelayCheck(new OutboundGuard([]), Relay.Options.Clock);
        var result = await check.RunAsync(new() { Host = "10.0.0.1", Port = 25, Tls = RelayTls.None }, "", null, CancellationToken.None);

        Failed(result).Step.ShouldBe("dns");
        Failed(result).Advice.ShouldNotBeNull().ShouldContain("AllowedNetworks");
    }

    [Fact]
    public async Task Implicit_tls_met_with_starttls_is_explained()
    {
        using var certificate = Relay.Certificate("127.0.0.1");
        await using var sink = SmtpSink.Start(Relay.Options with { Certificate = certificate, ImplicitTls = true });

        var result = await CheckAsync(Relay.At(sink) with { Tls = RelayTls.StartTls });

        Failed(result).Step.ShouldBe("banner");
        Failed(result).Advice.ShouldNotBeNull().ShouldContain("implicit TLS");
    }

    [Fact]
    public async Task Starttls_met_with_implicit_is_explained()
    {
        await using var sink = SmtpSink.Start(Relay.Options);

        var result = await CheckAsync(Relay.At(sink) with { Tls = RelayTls.Implicit });

        Failed(result).Step.ShouldBe("tls");
        Failed(result).Advice.ShouldNotBeNull().ShouldContain("set to implicit");
    }

    [Fact]
    public async Task A_missing_starttls_is_explained()
    {
        await using var sink = SmtpSink.Start(Relay.Options);

        var result = await CheckAsync(Relay.At(sink) with { Tls = RelayTls.StartTls });

        Failed(result).Step.ShouldBe("tls");
        Failed(result).Advice.ShouldNotBeNull().ShouldContain("no STARTTLS");
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_explained()
    {
        using var certificate = Relay.Certificate("other.example");
        await using var sink = SmtpSink.Start(Relay.Options with { Certificate = certificate });

        var result = await CheckAsync(Relay.At(sink) with { Tls = RelayTls.StartTls, TrustedRoots = [certificate] });

        Failed(result).Advice.ShouldNotBeNull().ShouldContain("not for 127.0.0.1");
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_sender_are_explained()
    {
        await using var sink = SmtpSink.Start(Relay.Options with { Login = new("u", "p") });
        sink.Behaviour.OnMailFrom = _ => SinkReply.Of(553, "5.7.1 not yours");

        Failed(await CheckAsync(Relay.At(sink) with { Username = "u", Password = "x" })).Advice.ShouldNotBeNull().ShouldContain("wrong");
        Failed(await CheckAsync(Relay.At(sink))).Step.ShouldBe("mail_from");
        Failed(await CheckAsync(Relay.At(sink))).Advice.ShouldBe("This relay wants a login: set username and password.");
        Failed(await CheckAsync(Relay.At(sink) with { Username = "u", Password = "p" })).Advice.ShouldNotBeNull().ShouldContain("sender");
    }

    [Fact]
    public void The_usual_slip_on_465_has_its_own_words()
    {
        var silence = SmtpResult.Failed(SmtpPhase.Banner, SmtpFailure.Timeout, "");

        RelayAdvice.For(silence, new() { Host = "relay.example", Port = 465, Tls = RelayTls.StartTls }, SslPolicyErrors.None)
            .ShouldBe("465 wants implicit TLS, this relay is set to starttls.");
    }

    private static RelayCheckStep Failed(RelayCheckResult result)
    {
        result.Ok.ShouldBeFalse();
        return result.Steps.Where(step => !step.Ok).ShouldHaveSingleItem();
    }

    private static Task<RelayCheckResult> CheckAsync(RelaySettings settings) =>
        new RelayCheck(Relay.Guard, Relay.Options.Clock).RunAsync(settings, "shop@example.com",
            new SmtpTimeouts { Connect = TimeSpan.FromSeconds(1), Command = TimeSpan.FromSeconds(30) }, CancellationToken.None);
}
