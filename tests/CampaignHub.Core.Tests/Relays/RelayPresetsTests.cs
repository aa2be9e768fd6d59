using CampaignHub.Core.Audience;
using CampaignHub.Core.Relays;
using CampaignHub.Core.Sending.Composing.Mime;

namespace CampaignHub.Core.Tests.Relays;

public sealed class RelayPresetsTests
{
    public static TheoryData<string> Names => [.. RelayPresets.All.Select(preset => preset.Name)];

    [Fact]
    public void There_is_one_for_each_provider() => RelayPresets.All.Select(preset => preset.Name).ShouldBe(
        ["ses", "mailgun", "postmark", "sendgrid", "brevo", "alibaba_directmail", "alibaba_mail", "gmail"]);

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_is_a_relay_that_the_API_would_take(string name)
    {
        var preset = RelayPresets.Named(name)!;
        preset.Hosts.Values.Where(host => !MailDomain.TryParse(host, out _, out _)).ShouldBeEmpty();
        preset.Hosts.Values.ShouldBeUnique();
        (preset.Port, preset.Tls).ShouldBeOneOf((587, "starttls"), (465, "implicit"));
        preset.MaxConnections.ShouldBeInRange(1, 100);
        (preset.MaxPerSecond ?? 1).ShouldBeInRange(1, 100_000);
        preset.MaxMessagesPerConnection.ShouldBeInRange(1, 100_000);
        preset.Headers.ShouldAllBe(header => new ExtraHeader(header.Key, header.Value).Problem() == null);
        preset.Notes.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_host_depends_on_the_providers_region_where_there_is_a_choice()
    {
        RelayPresets.Named("ses")!.HostIn("eu-central-1").ShouldBe("email-smtp.eu-central-1.amazonaws.com");
        RelayPresets.Named("ses")!.HostIn(null).ShouldBeNull();
        RelayPresets.Named("gmail")!.HostIn(null).ShouldBe("smtp.gmail.com");
        RelayPresets.Named("gmail")!.HostIn("eu").ShouldBeNull();
    }
}
