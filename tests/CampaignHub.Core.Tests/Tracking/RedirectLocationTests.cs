using CampaignHub.Core.Tracking;

namespace CampaignHub.Core.Tests.Tracking;

public sealed class RedirectLocationTests
{
    [Theory]
    [InlineData("https://shop.example/a%20b?x=1&y={z}#f|g")]
    [InlineData("HTTP://Shop.example:80/%zz")]
    public void Printable_ascii_stays_as_its_author_wrote_it(string url) => RedirectLocation.Of(url).ShouldBe(url);

    [Theory]
    [InlineData("https://shop.example/über 😀", "https://shop.example/%C3%BCber%20%F0%9F%98%80")]
    [InlineData("https://shop.example/\r\nSet-Cookie: a=b", "https://shop.example/%0D%0ASet-Cookie:%20a=b")]
    public void What_a_header_cannot_carry_is_percent_encoded(string url, string expected) => RedirectLocation.Of(url).ShouldBe(expected);
}
