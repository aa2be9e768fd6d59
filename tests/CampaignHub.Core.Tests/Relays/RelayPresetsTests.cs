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

    [Theory]
    [InlineData("ses")]
    [InlineData("mailgun")]
    [InlineData("postmark")]
    [InlineData("sendgrid")]
    [InlineData("brevo")]
    public void Those_that_post_events_are_told_which_delivery_it_is(string name)
    {
        var header = RelayPresets.Named(name)!.Headers.Select(h => new ExtraHeader(h.Key, h.Value)).Where(h => h.NamesDelivery).ShouldHaveSingleItem();
        header.For("b.token").Value.ShouldContain("b.token");
        header.For("b.token").NamesDelivery.ShouldBeFalse();
    }

    [Fact]
    public void A_header_is_measured_with_the_token_that_it_will_have()
    {
        new ExtraHeader("X-A", ExtraHeader.DeliveryToken + new string('x', ExtraHeader.MaxLength - 3 - 44)).Problem().ShouldBeNull();
        new ExtraHeader("X-A", ExtraHeader.DeliveryToken + new string('x', ExtraHeader.MaxLength - 3 - 43)).Problem().ShouldNotBeNull();
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
