using System.Net;
using System.Net.Sockets;
using CampaignHub.Server.Platform.Outbound;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting.Internal;

namespace CampaignHub.Server.Tests.Platform.Outbound;

public sealed class OutboundGuardTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Inward => new()
    {
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255",
        "192.168.0.1", "192.168.255.255", "169.254.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.254",
        "100.100.100.200", "192.0.0.192", "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "198.19.255.255",
        "192.88.99.1", "168.63.129.16", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "127.1", "127.0.0.1.", "0xa9.0xfe.0xa9.0xfe",
        "::", "::1", "[::1]", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1",
        "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:c0a8:101::1", "2001::1", "2001:db8::1",
        "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1", "100::1", "5f00::1", "4000::1",
    };

    public static TheoryData<string> Outward => new()
    {
        "8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "192.0.1.1", "223.255.255.255",
        "2606:4700:4700::1111", "2a00:1450::1", "64:ff9b::8.8.8.8", "2002:808:808::1", "::ffff:8.8.8.8", "134744072",
    };

    [Theory]
    [MemberData(nameof(Inward))]
    public async Task Refuses_what_is_not_the_public_internet(string host)
    {
        var target = await new OutboundGuard([]).ResolveAsync(host, None);

        target.Addresses.ShouldBeEmpty();
        target.Refusal.ShouldNotBeNull().Kind.ShouldBeOneOf(OutboundRefusalKind.NotAllowed, OutboundRefusalKind.InvalidHost);
    }

    [Theory]
    [MemberData(nameof(Outward))]
    public async Task Allows_public_unicast_addresses(string host) =>
        (await new OutboundGuard([]).ResolveAsync(host, None)).Addresses.ShouldHaveSingleItem();

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b.example")]
    [InlineData("relay.example/path")]
    [InlineData("user@relay.example")]
    [InlineData("relay.example:25")]
    [InlineData("relay\r\n.example")]
    public async Task Refuses_what_is_no_host(string host) =>
        (await Resolving("8.8.8.8").ResolveAsync(host, None)).Refusal!.Kind.ShouldBe(OutboundRefusalKind.InvalidHost);

    [Fact]
    public async Task One_inward_address_among_public_ones_refuses_the_host()
    {
        var target = await Resolving("8.8.8.8", "10.0.0.1").ResolveAsync("relay.example", None);

        target.Refusal!.Kind.ShouldBe(OutboundRefusalKind.NotAllowed);
        target.Refusal.Reason.ShouldContain("10.0.0.1");
    }

    [Fact]
    public async Task Answers_the_very_addresses_that_it_checked_and_resolves_once()
    {
        var asked = 0;
        var guard = new OutboundGuard([], (_, _) => Task.FromResult(
            new[] { IPAddress.Parse(++asked == 1 ? "8.8.8.8" : "127.0.0.1") }));

        var target = await guard.ResolveAsync("rebinding.example", None);

        target.Addresses.ShouldBe([IPAddress.Parse("8.8.8.8")]);
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task Names_in_other_scripts_are_looked_up_in_punycode()
    {
        var asked = "";
        var guard = new OutboundGuard([], (name, _) =>
        {
            asked = name;
            return Task.FromResult(new[] { IPAddress.Parse("8.8.8.8") });
        });

        await guard.ResolveAsync("bücher.example", None);

        asked.ShouldBe("xn--bcher-kva.example");
    }

    [Fact]
    public async Task A_name_without_address_is_a_value()
    {
        var guard = new OutboundGuard([], (_, _) => throw new SocketException((int)SocketError.HostNotFound));

        (await guard.ResolveAsync("nowhere.example", None)).Refusal!.Kind.ShouldBe(OutboundRefusalKind.NotFound);
    }

    [Theory]
    [InlineData("10.2.3.4", true)]
    [InlineData("::ffff:10.2.3.4", true)]
    [InlineData("10.3.0.1", false)]
    [InlineData("127.0.0.1", false)]
    public void Allowed_networks_open_what_they_name_and_no_more(string address, bool allowed) =>
        (new OutboundGuard([IPNetwork.Parse("10.2.0.0/16")]).Refuse(IPAddress.Parse(address)) is null).ShouldBe(allowed);

    [Theory]
    [InlineData("Development", true)]
    [InlineData("Production", false)]
    public void Development_allows_loopback(string environment, bool allowed)
    {
        var guard = OutboundGuard.FromConfiguration(
            new ConfigurationBuilder().Build(), new HostingEnvironment { EnvironmentName = environment });

        (guard.Refuse(IPAddress.Loopback) is null).ShouldBe(allowed);
        (guard.Refuse(IPAddress.IPv6Loopback) is null).ShouldBe(allowed);
    }

    [Fact]
    public void A_network_that_cannot_be_read_is_named()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { [OutboundGuard.AllowedNetworksKey + ":0"] = "ten" })
            .Build();

        Should.Throw<FormatException>(() => OutboundGuard.FromConfiguration(configuration, new HostingEnvironment { EnvironmentName = "Production" }))
            .Message.ShouldContain("'ten'");
    }

    private static OutboundGuard Resolving(params string[] addresses) =>
        new([], (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()));
}
