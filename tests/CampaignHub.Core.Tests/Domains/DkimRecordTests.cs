using CampaignHub.Core.Domains;
using CampaignHub.Core.Sending.Signing;

namespace CampaignHub.Core.Tests.Domains;

public sealed class DkimRecordTests
{
    private static readonly DkimRecord Rsa = new(DkimAlgorithm.RsaSha256, [1, 2, 3, 4]);
    private static readonly DkimRecord Ed25519 = new(DkimAlgorithm.Ed25519Sha256, [1, 2, 3, 4]);

    [Fact]
    public void The_text_names_the_kind_of_key()
    {
        Rsa.Text.ShouldBe("v=DKIM1; k=rsa; p=AQIDBA==");
        Ed25519.Text.ShouldBe("v=DKIM1; k=ed25519; p=AQIDBA==");
    }

    [Theory]
    [InlineData("v=DKIM1; k=rsa; p=AQIDBA==")]
    [InlineData("v=DKIM1;k=rsa;p=AQID BA==;")]
    [InlineData("p=AQIDBA==")]
    [InlineData("v=DKIM1; h=sha1:sha256; s=email; n=ours; t=s; p=AQIDBA==")]
    public void What_a_receiver_can_use_is_right(string text) => Rsa.Judge([text]).ShouldBe(RecordVerdict.Right);

    [Theory]
    [InlineData("v=DKIM1; k=rsa; p=AQIDBQ==", "another key")]
    [InlineData("v=DKIM1; k=rsa; p=", "revoked")]
    [InlineData("v=DKIM1; k=rsa", "no key")]
    [InlineData("v=DKIM1; k=ed25519; p=AQIDBA==", "ed25519")]
    [InlineData("k=rsa; v=DKIM1; p=AQIDBA==", "v=DKIM1")]
    [InlineData("v=DKIM2; p=AQIDBA==", "v=DKIM1")]
    [InlineData("v=DKIM1; h=sha1; p=AQIDBA==", "h=")]
    [InlineData("v=DKIM1; s=other; p=AQIDBA==", "s=")]
    [InlineData("v=DKIM1; t=y:s; p=AQIDBA==", "t=y")]
    [InlineData("v=DKIM1; p=AQIDBA==; p=AQIDBA==", "list of tags")]
    [InlineData("\"v=DKIM1; p=AQIDBA==\"", "quotation marks")]
    [InlineData("hello", "list of tags")]
    [InlineData("", "list of tags")]
    public void What_a_receiver_cannot_use_is_wrong_and_says_why(string text, string why)
    {
        var verdict = Rsa.Judge([text]);
        verdict.Ok.ShouldBe(false);
        verdict.Problem.ShouldNotBeNull().ShouldContain(why);
    }

    [Fact]
    public void None_and_more_than_one_are_wrong()
    {
        Rsa.Judge([]).Ok.ShouldBe(false);
        Rsa.Judge([Rsa.Text, Rsa.Text]).Problem.ShouldNotBeNull().ShouldContain("2 TXT records");
    }

    [Fact]
    public void An_Ed25519_key_needs_its_kind_said() => Ed25519.Judge(["v=DKIM1; p=AQIDBA=="]).Ok.ShouldBe(false);

    [Theory]
    [InlineData(255, 1)]
    [InlineData(256, 2)]
    [InlineData(511, 3)]
    public void A_long_text_is_shown_in_strings_that_DNS_can_hold(int length, int strings)
    {
        var text = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + i % 26)));
        var shown = ZoneText.Of(text).Split("\" \"");
        shown.Length.ShouldBe(strings);
        shown.ShouldAllBe(piece => piece.Trim('"').Length <= 255);
        string.Concat(shown).Trim('"').ShouldBe(text);
    }
}
