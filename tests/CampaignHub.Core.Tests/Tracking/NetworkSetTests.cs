using System.Net;
using CampaignHub.Core.Tracking;
using CsCheck;

namespace CampaignHub.Core.Tests.Tracking;

public sealed class NetworkSetTests
{
    [Theory]
    [InlineData("192.0.2.0", true)]
    [InlineData("192.0.2.255", true)]
    [InlineData("192.0.1.255", false)]
    [InlineData("192.0.3.0", false)]
    [InlineData("::ffff:192.0.2.7", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db9::1", false)]
    [InlineData("203.0.113.9", true)]
    [InlineData("203.0.113.10", false)]
    public void An_address_is_in_it_when_it_is_in_any_of_its_networks(string address, bool isIn) =>
        NetworkSet.Parse(["# cloud", "192.0.2.0/24", "2001:db8::/32 # another", "", "203.0.113.9/32", "192.0.2.128/25"]).Contains(IPAddress.Parse(address)).ShouldBe(isIn);

    [Fact]
    public void Nothing_is_in_an_empty_one_and_everything_in_all() =>
        (NetworkSet.Empty.Contains(IPAddress.Loopback), NetworkSet.Parse(["::/0"]).Contains(IPAddress.Loopback)).ShouldBe((false, true));

    [Fact]
    public void It_answers_as_if_each_network_were_asked() => Gen.Select(
        Gen.Select(Gen.UInt, Gen.Int[0, 32]).Array[0, 20], Gen.UInt.Array[1, 50]).Sample((networks, addresses) =>
    {
        IPNetwork[] each = [.. networks.Select(n => new IPNetwork(AddressOf(n.Item2 == 0 ? 0 : n.Item1 & (uint.MaxValue << (32 - n.Item2))), n.Item2))];
        var set = NetworkSet.Parse(each.Select(n => n.ToString()));
        foreach (var address in addresses.Select(AddressOf).Concat(each.Select(n => n.BaseAddress)))
            set.Contains(address).ShouldBe(each.Any(n => n.Contains(address)), address.ToString());
    });

    [Theory]
    [InlineData("192.0.2.1/33")]
    [InlineData("cloud")]
    public void What_is_no_network_is_named(string line) =>
        Should.Throw<FormatException>(() => NetworkSet.Parse(["192.0.2.0/24", line])).Message.ShouldContain($"Line 2, '{line}'");

    private static IPAddress AddressOf(uint number) => new([(byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
